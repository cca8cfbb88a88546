"""overrides.csv, as a spreadsheet saves it: the points that an instructor gives, by submission.

    submission,part,points,reason
    ada,rnn_step,5,shown to be right in office hours

The file stands beside a class's results, is only ever read, and so survives every regrade.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path

from grading.catalog import Catalog, Exercise
from grading.counting import counted
from grading.errors import Misused
from grading.report import sheets
from grading.report.sheets import SheetError
from grading.report.text import visible
from grading.results import HUNDREDTHS, Override

NAME = "overrides.csv"
COLUMNS = ("submission", "part", "points", "reason")

MOST = 20
"""Lines that are told of; an instructor mends these first."""

Overrides = dict[str, dict[str, Override]]
"""For each submission an override for each `stem/part`."""


class OverridesError(Misused):
    """The file is not as it should be; the text says in which lines, and what to do."""


def read(path: Path, catalog: Catalog, names: Collection[str]) -> Overrides:
    """The overrides of a class's submissions; none where there is no such file.

    Raises OverridesError, which tells of every line that is wrong.
    """
    if not path.exists():
        return {}
    try:
        sheet = sheets.read(path, "save it as CSV UTF-8")
    except SheetError as error:
        raise OverridesError(f"{path}: {error}") from None
    header = ",".join(cell.strip().casefold() for cell in sheet.header).rstrip(",")
    if header != ",".join(COLUMNS):
        raise OverridesError(f"{path}:1 must read: {','.join(COLUMNS)}")
    found: Overrides = {}
    wrong = []
    for line, cells in _lines(sheet):
        try:
            _add(found, cells, catalog, names)
        except ValueError as error:
            wrong.append(f"{path}:{line}: {error}")
    if wrong:
        more = [f"and {counted(len(wrong) - MOST, 'line')} more"] if len(wrong) > MOST else []
        raise OverridesError("\n".join([*wrong[:MOST], *more]))
    return found


def _lines(sheet: sheets.Sheet) -> Iterator[tuple[int, list[str]]]:
    """The rows that say anything, each with the number of its first line."""
    line = 2
    for row in sheet.rows:
        cells = [cell.strip() for cell in row]
        if any(cells):
            yield line, cells
        line += 1 + sum(cell.count("\n") for cell in row)


def _add(found: Overrides, cells: list[str], catalog: Catalog, names: Collection[str]) -> None:
    """Add a row. Raises ValueError, whose text says what is wrong with it."""
    if len(cells) < len(COLUMNS) or any(cells[len(COLUMNS) :]):
        raise ValueError(f"has not {len(COLUMNS)} columns; put quotes around a text with commas")
    submission, part, points, reason = cells[: len(COLUMNS)]
    if submission not in names:
        near = ", ".join(get_close_matches(submission, names))
        hint = f"; near it: {near}" if near else ""
        raise ValueError(f"there is no submission {_quoted(submission)}{hint}")
    exercise = _exercise_of(part, catalog)
    name = part.rpartition("/")[2]
    key, override = f"{exercise.stem}/{name}", _override(exercise, name, points, reason)
    if key in found.setdefault(submission, {}):
        raise ValueError(f"a second override of {name} for {submission}")
    found[submission][key] = override


def _override(exercise: Exercise, part: str, points: str, reason: str) -> Override:
    most, given = exercise.by_name[part].points, sheets.number(points)
    if given is None:
        raise ValueError(f"{_quoted(points)} is no number of points")
    if given > most:
        raise ValueError(f"{part} has 0 to {counted(most, 'point')}, not {points}")
    if not reason:
        raise ValueError("an override needs a reason")
    return Override(round(given * HUNDREDTHS) / HUNDREDTHS, 0.0, reason)


def _exercise_of(named: str, catalog: Catalog) -> Exercise:
    """The exercise of `part`, `exNN/part` or `exNN_name/part`. Raises ValueError."""
    number, _, part = named.rpartition("/")
    for exercise in catalog.exercises:
        if part in exercise.by_name and number in ("", exercise.number, exercise.stem):
            return exercise
    parts = [name for exercise in catalog.exercises for name in exercise.by_name]
    near = ", ".join(get_close_matches(part, parts))
    raise ValueError(f"there is no part {_quoted(named)}{f'; near it: {near}' if near else ''}")


def _quoted(cell: str) -> str:
    return f"{visible(cell, 80)!r}"
