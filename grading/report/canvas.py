"""Points for Canvas: the column of one assignment in a gradebook exported from Canvas, filled.

Canvas finds a student by the column `ID` and an assignment by the number in its header. All other
cells stay as they were, and so do an excused student's `EX` and the `N/A` of one who wasn't
assigned the work. A late policy is Canvas's own to apply: points are given as they were earned.

Source: canvas-lms, lib/gradebook_exporter.rb and lib/gradebook_importer.rb.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction

from grading.report.sheets import Filled, Sheet, SheetError, number, one_line, points, scaled
from grading.results import Origin, Result

ID = "canvas_user"
"""The name under which a result's origin keeps the student's number in Canvas."""

_ASSIGNMENT = re.compile(r"(?P<title>.+) \((?P<id>\d+)\)")
_KEPT = ("EX", "N/A")
_POINTS_POSSIBLE = "    Points Possible"


def fill(sheet: Sheet, by_id: Mapping[str, Result], assignment: str) -> list[str]:
    """Fill an assignment's column; notes in words. Raises SheetError where the file isn't one."""
    ids = sheet.column("ID")
    if ids is None:
        raise SheetError("this is no gradebook of Canvas: it has no column ID")
    column = _column(sheet, assignment)
    full = _points_possible(sheet, column)
    notes, filled = [], Filled()
    left = dict(by_id)
    for row in sheet.rows:
        if len(row) <= max(ids, column) or not row[ids].strip():
            continue
        found = left.pop(row[ids].strip(), None)
        if found is None:
            filled.without += 1
        elif row[column].strip().upper() in _KEPT:
            notes.append(f"{row[0]} is {row[column]} in Canvas and stays so: {found.submission}")
        else:
            filled.put(row, column, _points(found, full))
    if full is None:
        notes.append(f"{sheet.header[column]} has no points possible: points are not scaled")
    missing = [f"{result.submission} (ID {id})" for id, result in sorted(left.items())]
    notes += [f"not in the gradebook: {who}" for who in missing]
    return [*notes, filled.sentence("gradebook")]


def fresh(by_id: Mapping[str, Result], assignment: str) -> tuple[Sheet, list[str]]:
    """A gradebook of the graded students alone, for one assignment; notes in words."""
    if not assignment:
        raise SheetError("a new file for Canvas needs --assignment, such as 'Recurrence (4711)'")
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", one_line(assignment)]
    most = max(result.max_score for result in by_id.values()) if by_id else 0.0
    rows = [[_POINTS_POSSIBLE, "", "", "", "", points(most)]]
    for id, result in sorted(by_id.items(), key=lambda pair: pair[1].submission):
        name = (result.origin or Origin()).student or result.submission
        rows.append([one_line(name), one_line(id), "", "", "", points(result.score)])
    notes = []
    if not _ASSIGNMENT.fullmatch(assignment):
        notes.append(
            f"{assignment!r} has no number: Canvas will ask which assignment is meant. Give it as "
            "in the header of an exported gradebook, such as 'Recurrence (4711)'"
        )
    return Sheet(header, rows), [*notes, Filled(len(by_id)).sentence("gradebook")]


def _column(sheet: Sheet, assignment: str) -> int:
    """The column of an assignment, named by its title, its number or both."""
    named = {place: _ASSIGNMENT.fullmatch(cell) for place, cell in enumerate(sheet.header)}
    matches = {place: match for place, match in named.items() if match}
    wanted = assignment.strip()
    found = [
        place
        for place, match in matches.items()
        if not wanted or wanted in (match[0], match["title"], match["id"])
    ]
    if len(found) == 1:
        return found[0]
    fit = f"{len(found)} columns fit" if found else "no column fits"
    problem = f"{fit} --assignment {wanted!r}" if wanted else "say which column with --assignment"
    raise SheetError(f"{problem}; the file has: {_list(sheet, list(matches))}")


def _list(sheet: Sheet, places: Sequence[int]) -> str:
    return "; ".join(repr(sheet.header[place]) for place in places) or "no assignment"


def _points_possible(sheet: Sheet, column: int) -> Fraction | None:
    """The assignment's full marks; None where the gradebook gives none, or 0."""
    for row in sheet.rows:
        if row and row[0].strip() == "Points Possible" and len(row) > column:
            return number(row[column]) or None
    raise SheetError("this is no gradebook of Canvas: it has no row 'Points Possible'")


def _points(result: Result, full: Fraction | None) -> str:
    return points(result.score) if full is None else scaled(result.score, result.max_score, full)
