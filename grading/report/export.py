"""`export`: the results of a class as a file that Canvas, Moodle or a spreadsheet takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from grading.catalog import Catalog
from grading.classes.store import NAMES, RESULTS, names_of
from grading.counting import counted
from grading.errors import Misused
from grading.report import canvas, facts, gradebook, moodle, sheets
from grading.report.sheets import SheetError
from grading.report.text import visible
from grading.results import NoResultError, Result, from_json


class ExportError(Misused):
    """The class can't be exported as was asked; the text says why and what to do."""


@dataclass(frozen=True)
class Target:
    """Where the points go: into one of the platforms' files, or, if none is given, a plain table.

    `assignment` is its name in Canvas, its number there, or both as in a gradebook's header.
    """

    canvas: Path | None = None
    canvas_new: bool = False
    moodle: Path | None = None
    assignment: str = ""


def export(out: Path, target: Target, catalog: Catalog) -> tuple[bytes, list[str]]:
    """The content of the file, and notes on what an instructor should see to.

    Raises ExportError where results can't be read or a platform's file isn't one.
    """
    asked = [target.canvas is not None, target.canvas_new, target.moodle is not None]
    if sum(asked) > 1:
        raise ExportError("one at a time: --canvas FILE, --canvas-new or --moodle FILE")
    if target.assignment and not any(asked[:2]):
        raise ExportError("--assignment is Canvas's: leave it out without --canvas or --canvas-new")
    graded, left_out = read_results(out)
    try:
        content, notes = _content(graded, target, catalog)
        return content, [" ".join(visible(note).split()) for note in (*left_out, *notes)]
    except SheetError as error:
        file = target.canvas or target.moodle
        raise ExportError(f"{file}: {error}" if file else str(error)) from None


def read_results(out: Path) -> tuple[list[Result], list[str]]:
    """The results of a class, by name of their files, and notes on those that are left out.

    Of a folder in which `batch` wrote down who is in the class, theirs alone. Raises ExportError.
    """
    paths = {path.stem: path for path in sorted((out / RESULTS).glob("*.json"))}
    if not paths:
        raise ExportError(f"{out / RESULTS} holds no results; give the folder of batch's --out")
    try:
        names = names_of(out)
    except OSError as error:
        raise ExportError(f"{out / NAMES} can't be read: {error.strerror}") from None
    if names is None:
        return [_read(path) for path in paths.values()], []
    notes = []
    if waiting := [name for name in names if name not in paths]:
        said = f"{len(waiting)}, the first is {waiting[0]}"
        notes.append(f"left out, not graded yet (run batch again): {said}")
    if others := paths.keys() - set(names):
        notes.append(f"left out, results of nobody in the class ({NAMES}): {len(others)}")
    return [_read(paths[name]) for name in names if name in paths], notes


def _read(path: Path) -> Result:
    try:
        return from_json(path.read_bytes())
    except OSError as error:
        raise ExportError(f"{path} can't be read: {error.strerror}") from None
    except NoResultError as error:
        raise ExportError(f"{path} is no result: {error}. Delete it and run batch again") from None


def _content(graded: list[Result], target: Target, catalog: Catalog) -> tuple[bytes, list[str]]:
    if target.moodle is not None:
        sheet = sheets.read(target.moodle)
        by_id, notes = _by_id(graded, moodle.ID)
        notes += moodle.fill(sheet, by_id)
    elif target.canvas is not None:
        sheet = sheets.read(target.canvas)
        by_id, notes = _by_id(graded, canvas.ID)
        notes += canvas.fill(sheet, by_id, target.assignment)
    elif target.canvas_new:
        by_id, notes = _by_id(graded, canvas.ID)
        sheet, said = canvas.fresh(by_id, target.assignment)
        notes += said
    else:
        return gradebook.rows(graded, catalog), []
    return sheets.written(sheet), [*_warnings(graded), *notes]


def _by_id(graded: Sequence[Result], name: str) -> tuple[dict[str, Result], list[str]]:
    """Results by the platform's number; those without one, or with one that others claim, told.

    Raises ExportError where none has one.
    """
    claims: dict[str, list[Result]] = {}
    notes = []
    for result in graded:
        id = result.origin.ids.get(name, "") if result.origin else ""
        if id:
            claims.setdefault(id, []).append(result)
        else:
            notes.append(f"left out, no {name} is known of it: {result.submission}")
    if graded and not claims:
        raise ExportError(f"of no submission a {name} is known: the class was no such download")
    for id, claiming in claims.items():
        if len(claiming) > 1:
            names = ", ".join(result.submission for result in claiming)
            notes.append(f"left out, several claim {name} {id}: {names}")
    return {id: claiming[0] for id, claiming in claims.items() if len(claiming) == 1}, notes


def _warnings(graded: Sequence[Result]) -> list[str]:
    """What a bare number of points would hide."""
    partial = [result for result in graded if result.not_checked]
    if not partial:
        return []
    found = f"{len(partial)} of {counted(len(graded), 'submission')}"
    return [
        f"full marks are those of what was checked; in {found} not all was. "
        f"The first is {partial[0].submission}. {facts.not_checked(partial[0])}"
    ]
