"""check: grade one submission."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grading import catalog as catalogs
from grading import hints
from grading.commands.common import (
    FAULT,
    INTERRUPTED,
    LESS,
    RIGHT,
    Level,
    Names,
    Seed,
    known_level,
    screen,
)
from grading.errors import Misused
from grading.files import refuse_hopeless, write_whole
from grading.handed_in import intake
from grading.report import formats, terminal
from grading.results import DEFAULT_SEED
from grading.session import starters


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
    visible_only: Annotated[bool, typer.Option(help="leave hidden tests out")] = False,
    level: Level = "",
    in_process: Annotated[bool, typer.Option(help="no worker: for debugging, not a grade")] = False,
    debug: Annotated[
        str, typer.Option(metavar="PART", help="run one part's visible tests here")
    ] = "",
) -> None:
    """Grade one submission.

    It is a folder, a file or a zip; exercises/ if none is given.
    """
    catalog = catalogs.load()
    path, chosen = _path_and_exercises(catalog, path, names or [])
    submission = intake.read(path, catalog)
    if alone := intake.lone_exercise(path, catalog):
        chosen = (alone,)
    if html is not None and (in_process or debug):
        raise Misused("--html draws with a worker: leave out --in-process and --debug")
    wanted = {"json": json, "gradescope": gradescope, "junit": junit}
    wanted |= {"markdown": markdown, "classroom": classroom}
    if debug and any(wanted.values()):
        raise Misused("--debug gives no result to write: leave out the files for it")
    refuse_hopeless([html, *wanted.values()])
    starter = None
    if not (in_process or debug):
        starter = starters.starter(known_level(level), catalogs.optimizers(chosen))
    try:
        from grading.judging import debugging, grade  # torch and pytest: after the worker server
        from grading.session import transport

        if debug:
            raise typer.Exit(_EXIT.get(debugging.run(catalog, chosen, path, debug, seed), FAULT))
        if starter is not None and level:
            transport.measures_of(starter)  # says at once where that level can't be had
        options = grade.Options(chosen, seed, visible_only)
        with terminal.progress(screen) as progress:
            result = grade.grade(submission, catalog, options, starter, progress)
        formats.write_all(result, wanted)
        if html is not None and starter is not None:
            from grading.report import lab as pages  # matplotlib and jinja2: only where asked for

            write_whole(html, pages.page(result, submission, catalog, starter))
        hints.Ladder(catalog.home).note(result)
        terminal.show_notes(submission.notes.values(), screen)
        terminal.show(result, screen)
        raise typer.Exit(RIGHT if result.complete else LESS)
    finally:
        if starter is not None:
            starter.close()


_EXIT = {0: RIGHT, 1: LESS, 2: INTERRUPTED}
"""What pytest's exit codes are among ours; all others are a fault."""


def _path_and_exercises(
    catalog: catalogs.Catalog, path: Path | None, names: list[str]
) -> tuple[Path, tuple[catalogs.Exercise, ...]]:
    """What to grade, and which exercises of it; `check ex01` means that of exercises/."""
    if path is not None and not path.exists() and catalog.knows(str(path)):
        path, names = None, [str(path), *names]
    return path or catalog.home / "exercises", catalog.select(names)
