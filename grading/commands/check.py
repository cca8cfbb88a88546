"""check: grade one submission."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer

from grading import catalog as catalogs
from grading import hints
from grading.catalog import Catalog, Exercise
from grading.commands.common import (
    FAULT,
    INTERRUPTED,
    LESS,
    RIGHT,
    Level,
    Names,
    Seed,
    VisibleOnly,
    known_level,
    screen,
)
from grading.errors import Misused
from grading.files import refuse_hopeless, write_whole
from grading.handed_in import intake
from grading.report import formats, terminal
from grading.results import DEFAULT_SEED, Result
from grading.session import starters
from grading.session.process import Starter


def check(
    path: Annotated[Path | None, typer.Argument(help="folder, file or zip to grade")] = None,
    names: Names = None,
    seed: Seed = DEFAULT_SEED,
    json: Annotated[Path | None, typer.Option(help="also write the result here, as JSON")] = None,
    html: Annotated[Path | None, typer.Option(help="also write a page with pictures here")] = None,
    gradescope: Annotated[
        Path | None, typer.Option(help="also write its results.json here")
    ] = None,
    junit: Annotated[Path | None, typer.Option(help="also write JUnit XML here")] = None,
    markdown: Annotated[
        Path | None, typer.Option(help="also write a Markdown summary here")
    ] = None,
    classroom: Annotated[
        Path | None, typer.Option(help="append GitHub Classroom's result here")
    ] = None,
    visible_only: VisibleOnly = False,
    level: Level = "",
    in_process: Annotated[
        bool, typer.Option("--in-process", help="no worker: for debugging, not a grade")
    ] = False,
    debug: Annotated[
        str, typer.Option(metavar="PART", help="run one part's visible tests here")
    ] = "",
) -> None:
    """Grade one submission.

    It is a folder, a file or a zip; exercises/ if none is given.
    """
    wanted = {"json": json, "gradescope": gradescope, "junit": junit}
    wanted |= {"markdown": markdown, "classroom": classroom}
    _refuse_contradictions(html, wanted, in_process, debug, level, visible_only)
    catalog = catalogs.load()
    path, chosen = _path_and_exercises(catalog, path, names or [])
    submission = intake.read(path, catalog)
    refuse_hopeless([html, *wanted.values()])
    if debug:
        raise typer.Exit(_debugged(catalog, chosen, path, debug, seed))
    with _workers(level, chosen, in_process) as starter:
        result = _graded(submission, catalog, chosen, seed, visible_only, starter)
        hints.Ladder(catalog.home).note(result)
        terminal.show_notes(submission.notes.values(), screen)
        terminal.show(result, screen)
        formats.write_all(result, wanted)
        if html is not None and starter is not None:
            _write_page(html, result, submission, catalog, starter)
    raise typer.Exit(RIGHT if result.complete else LESS)


def _refuse_contradictions(
    html: Path | None,
    wanted: Mapping[str, Path | None],
    in_process: bool,
    debug: str,
    level: str,
    visible_only: bool,
) -> None:
    """Raises Misused for options of which one would be forgotten."""
    if html is not None and (in_process or debug):
        raise Misused("--html draws with a worker: leave out --in-process and --debug")
    if debug and any(wanted.values()):
        raise Misused("--debug gives no result to write: leave out the files for it")
    if level and (in_process or debug):
        raise Misused("--isolation is for a worker: leave out --in-process and --debug, or it")
    if debug and visible_only:
        raise Misused("--debug runs visible tests alone: leave out --visible-only")


def _path_and_exercises(
    catalog: Catalog, path: Path | None, names: list[str]
) -> tuple[Path, tuple[Exercise, ...]]:
    """What to grade, and which exercises of it; `check ex01` means that of exercises/.

    Raises Misused where other exercises are named than the one that a file is of.
    """
    if path is not None and not path.exists() and catalog.knows(str(path)):
        path, names = None, [str(path), *names]
    path, chosen = path or catalog.home / "exercises", catalog.select(names)
    alone = intake.lone_exercise(path, catalog)
    if alone and names and chosen != (alone,):
        raise Misused(f"{path} is a file of {alone.number}: give a folder, or no other exercise")
    return path, (alone,) if alone else chosen


def _debugged(
    catalog: Catalog, chosen: tuple[Exercise, ...], path: Path, part: str, seed: int
) -> int:
    """Run one part's visible tests here: the exit code. Raises CatalogError for an unknown part."""
    from grading.judging import debugging  # torch and pytest: only where needed

    codes = {0: RIGHT, 1: LESS, 2: INTERRUPTED}  # pytest's; all others are a fault
    return codes.get(debugging.run(catalog, chosen, path, part, seed), FAULT)


@contextmanager
def _workers(
    level: str, chosen: tuple[Exercise, ...], in_process: bool
) -> Iterator[Starter | None]:
    """What starts workers for these exercises; None where all is to run in this process."""
    if in_process:
        yield None
        return
    starter = starters.starter(known_level(level), catalogs.optimizers(chosen))
    try:
        if level:
            from grading.session import transport  # torch: after the worker server

            transport.measures_of(starter)  # says at once where that level can't be had
        yield starter
    finally:
        starter.close()


def _graded(
    submission: intake.Submission,
    catalog: Catalog,
    chosen: tuple[Exercise, ...],
    seed: int,
    visible_only: bool,
    starter: Starter | None,
) -> Result:
    """The result, with a bar on the screen until it is there."""
    from grading.judging import grade  # torch and pytest: after the worker server

    options = grade.Options(chosen, seed, visible_only)
    with terminal.progress(screen) as progress:
        return grade.grade(submission, catalog, options, starter, progress)


def _write_page(
    path: Path,
    result: Result,
    submission: intake.Submission,
    catalog: Catalog,
    starter: Starter,
) -> None:
    """Write the page with pictures. Raises WriteError and DiskFullError."""
    from grading.report import lab as pages  # matplotlib and jinja2: only where asked for

    write_whole(path, pages.page(result, submission, catalog, starter))
