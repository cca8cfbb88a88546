"""The front door: reads the command line, hands over, and answers with an exit code.

0 all that was asked for is right · 1 something earned less than full marks, or `verify` found a
fault · 2 the command was misused · 3 the grader itself failed · 130 interrupted
"""

from __future__ import annotations

import contextlib
import sys
import tempfile
import traceback
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from grading import catalog as catalogs
from grading import hints, intake, leaks, process, stubs
from grading import release as releases
from grading.catalog import CatalogError
from grading.report import terminal
from grading.results import DEFAULT_SEED

RIGHT, LESS, MISUSED, FAULT, INTERRUPTED = 0, 1, 2, 3, 130

app = typer.Typer(add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None)
screen = Console(highlight=False, file=sys.stdout)  # as it is now: pytest's own prints are caught
errors = Console(stderr=True, highlight=False)

Names = Annotated[
    list[str] | None, typer.Argument(help="exercises, such as ex01 ex03; all if none")
]
Seed = Annotated[int, typer.Option(help="seed of the drawn cases")]


class Misused(Exception):
    """The command can't be carried out as it was given; the text says why and what to do."""


@app.callback(invoke_without_command=True)
def main(context: typer.Context) -> None:
    """Grade exercises on recurrent networks. Without a command: check exercises."""
    if context.invoked_subcommand is None:
        check()


@app.command()
def check(
    path: Annotated[Path | None, typer.Argument(help="folder or file to grade")] = None,
    names: Names = None,
    seed: Seed = DEFAULT_SEED,
    json: Annotated[Path | None, typer.Option(help="also write the result here, as JSON")] = None,
    html: Annotated[Path | None, typer.Option(help="also write a page with pictures here")] = None,
    visible_only: Annotated[bool, typer.Option(help="leave hidden tests out")] = False,
    in_process: Annotated[bool, typer.Option(help="no worker: for debugging, not a grade")] = False,
    debug: Annotated[
        str, typer.Option(metavar="PART", help="run one part's visible tests here")
    ] = "",
) -> None:
    """Grade one submission: a folder or a file (exercises/ if none is given)."""
    catalog = catalogs.load()
    path, chosen = _path_and_exercises(catalog, path, names or [])
    submission = intake.read(path, catalog)
    if path.is_file():
        chosen = catalog.select([path.stem])
    if html is not None and (in_process or debug):
        raise Misused("--html draws with a worker: leave out --in-process and --debug")
    starter = None if in_process or debug else process.starter()
    try:
        from grading import debugging, grade, results  # torch and pytest: after the worker server

        if debug:
            raise typer.Exit(debugging.run(catalog, path, debug, seed))
        options = grade.Options(chosen, seed, visible_only)
        with terminal.progress(screen) as progress:
            result = grade.grade(submission, catalog, options, starter, progress)
        if json is not None:
            _write(json, results.to_json(result))
        if html is not None and starter is not None:
            from grading.report import lab as pages  # matplotlib and jinja2: only where asked for

            _write(html, pages.page(result, submission, catalog, starter))
        hints.Ladder(catalog.home).note(result)
        terminal.show(result, screen, catalog)
        raise typer.Exit(RIGHT if result.complete else LESS)
    finally:
        if starter is not None:
            starter.close()


@app.command()
def lab(
    exercise: Annotated[str, typer.Argument(help="such as ex05")],
    path: Annotated[Path | None, typer.Argument(help="folder or file to draw from")] = None,
    out: Annotated[Path | None, typer.Option(help="folder to write to; .kit/lab if none")] = None,
    format: Annotated[str, typer.Option(help="svg or png")] = "svg",
    csv: Annotated[bool, typer.Option("--csv", help="also write the numbers")] = False,
) -> None:
    """Draw an exercise's pictures from your own functions."""
    if format not in ("svg", "png"):
        raise Misused(f"--format is svg or png, not {format!r}")
    catalog = catalogs.load()
    found, folder = catalog.find(exercise), out or catalog.home / ".kit" / "lab"
    submission = intake.read(path or catalog.home / "exercises", catalog)
    starter = process.starter()
    try:
        from grading.report import lab as pictures  # torch and matplotlib: after the worker server

        _make_folder(folder)
        options = pictures.Options(folder, format, csv)
        told = list(pictures.write_pictures(found, submission, starter, options, _write))
        for line in told or [f"{found.stem} has no pictures"]:
            screen.print(line, soft_wrap=True, markup=False)
    finally:
        starter.close()


@app.command()
def watch(
    path: Annotated[Path | None, typer.Argument(help="folder or file to watch")] = None,
    seed: Seed = DEFAULT_SEED,
) -> None:
    """Grade again what is saved. Keys: h hint, a grade all, n next, q quit."""
    catalog = catalogs.load()
    path = path or catalog.home / "exercises"
    intake.read(path, catalog)
    starter = process.starter()
    try:
        from grading import watch as watching  # torch and pytest: after the worker server

        watching.watch(path, catalog, seed, starter)
    finally:
        starter.close()


@app.command()
def hint(
    exercise: Annotated[str, typer.Argument(help="such as ex03")],
    part: Annotated[str, typer.Argument(help="a part of it; the first one if none")] = "",
    reset: Annotated[bool, typer.Option(help="start again at the first rung")] = False,
) -> None:
    """Give the next rung of the hint ladder."""
    catalog = catalogs.load()
    ladder = hints.Ladder(catalog.home)
    found = catalog.find(exercise)
    if part and part not in found.by_name:
        raise Misused(f"{found.stem} has no part {part!r}; it has: {', '.join(found.by_name)}")
    terminal.show_hint(ladder.next(found, part or found.parts[0].name, reset), screen)


@app.command()
def build(names: Names = None) -> None:
    """Write exercises/ from solutions/, and the numbers by which known mistakes are recognised."""
    catalog = catalogs.load()
    chosen = catalog.select(names or [])
    for exercise in chosen:
        solution = catalog.solution(exercise)
        if not solution.exists():
            raise Misused(f"{solution} is not here: stubs are built where the solutions are")
        stub = stubs.stub_of(solution.read_text(encoding="utf-8"), solution.name)
        _write(catalog.stub(exercise), stub.encode())
        screen.print(f"exercises/{exercise.stem}.py")
    starter = process.starter()
    try:
        from grading import diagnose  # torch: after the worker server

        for exercise in chosen:
            if catalog.probes(exercise).exists():
                with terminal.count(screen, exercise.number) as told:
                    numbers = diagnose.learn(catalog, exercise, starter, told)
                _write(catalog.numbers(exercise), numbers)
                screen.print(f"tests/probes/{exercise.stem}.msgpack")
    finally:
        starter.close()


@app.command()
def verify(
    names: Names = None,
    seed: Seed = DEFAULT_SEED,
    matrix: Annotated[bool, typer.Option("--matrix", help="print misconceptions × tests")] = False,
) -> None:
    """Prove the kit: right answers earn everything, wrong ones lose, every test is of use."""
    catalog = catalogs.load()
    chosen = catalog.select(names or [])
    for exercise in chosen:
        if not catalog.solution(exercise).exists():
            raise Misused("verify needs solutions/, which this copy of the kit doesn't have")
    starter = process.ForkServer.launch()
    try:
        from grading import verify as verifying  # torch and pytest: after the worker server
        from grading.report import proof as proof_report

        with terminal.count(screen, "answers") as told:
            proof = verifying.verify(catalog, chosen, starter, seed, told)
    finally:
        starter.close()
    proof_report.show(proof, screen, matrix)
    raise typer.Exit(LESS if proof.faults else RIGHT)


@app.command()
def release(
    folder: Annotated[Path, typer.Argument(help="new or empty folder to write to")],
    assignment: Annotated[str, typer.Option(metavar="NAME", help="what the zips are called")],
    only: Annotated[str, typer.Option(help="some exercises only, such as ex01,ex03")] = "",
    seed: Seed = DEFAULT_SEED,
) -> None:
    """Make the students' zip and Gradescope's, and prove that no answer goes out with them."""
    catalog = catalogs.load()
    chosen = catalog.select([name.strip() for name in only.split(",") if name.strip()])
    wanted = releases.Assignment(assignment, chosen, seed)
    try:
        for path, count in releases.release(catalog, wanted, folder):
            screen.print(f"{path}  {count} files", soft_wrap=True, markup=False)
    except leaks.LeakError as error:
        errors.print("Nothing is written: text of answers would go out.", markup=False)
        errors.print(str(error), soft_wrap=True, markup=False)
        raise typer.Exit(LESS) from None
    screen.print("No line of a solution, and no answer or hidden test, is in the students' zip.")


def _path_and_exercises(
    catalog: catalogs.Catalog, path: Path | None, names: list[str]
) -> tuple[Path, tuple[catalogs.Exercise, ...]]:
    """What to grade, and which exercises of it; `check ex01` means that of exercises/."""
    if path is not None and not path.exists() and catalog.knows(str(path)):
        path, names = None, [str(path), *names]
    return path or catalog.home / "exercises", catalog.select(names)


def _make_folder(path: Path) -> None:
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Misused(f"{path} can't be made: {error.strerror}") from None


def _write(path: Path, content: bytes) -> None:
    try:
        path.write_bytes(content)
    except OSError as error:
        raise Misused(f"{path} can't be written: {error.strerror}") from None


def run() -> int:
    """Run the command line; the exit code."""
    try:
        code = app(standalone_mode=False)
        return code if isinstance(code, int) else RIGHT
    except KeyboardInterrupt:
        errors.print("interrupted")
        return INTERRUPTED
    except (
        Misused,
        CatalogError,
        intake.IntakeError,
        stubs.MarkerError,
        releases.ReleaseError,
    ) as error:
        errors.print(f"grader.py: {error}", soft_wrap=True, markup=False)
        return MISUSED
    except Exception as error:
        return _front_door_error(error)


def _front_door_error(error: Exception) -> int:
    """click's own errors are misuse; anything else is a fault of the grader, told as such."""
    if hasattr(error, "exit_code") and hasattr(error, "format_message"):
        errors.print(f"grader.py: {error.format_message()}", markup=False)
        errors.print("See: python grader.py --help")
        return MISUSED
    log = _keep_log(traceback.format_exc())
    errors.print(f"The grader itself failed: {type(error).__name__}. This is our fault, not yours.")
    errors.print(f"Please report it with this file: {log}", soft_wrap=True)
    return FAULT


def _keep_log(text: str) -> Path:
    """Write the log here or, where nothing can be written, among the temporary files."""
    name = ".grader-fault.log"
    for log in (Path(name).resolve(), Path(tempfile.gettempdir(), name)):
        with contextlib.suppress(OSError):
            log.write_text(text, encoding="utf-8")
            return log
    errors.print(text, markup=False)
    return Path(name)


if __name__ == "__main__":
    sys.exit(run())
