"""Points for Moodle: an assignment's offline grading worksheet, filled.

Moodle finds a student by the number at the end of `Identifier` ("Participant 123"). `Grade` and
`Feedback comments` are filled, all other cells stay as they were: by `Last modified (grade)` Moodle
sees whether somebody graded in the meantime. Moodle shows feedback as HTML, so it is written so.

Source: moodle, mod/assign/feedback/offline/importgradeslib.php.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction

from grading.report import facts
from grading.report.sheets import Filled, Sheet, SheetError, number, points, scaled
from grading.report.text import visible
from grading.results import Result

ID = "moodle_participant"
"""The name under which a result's origin keeps the student's number in Moodle."""

SAID = 300
"""Characters of one text in the feedback."""

_NEEDED = ("Identifier", "Grade", "Maximum grade", "Last modified (grade)")


def fill(sheet: Sheet, by_id: Mapping[str, Result]) -> list[str]:
    """Fill grades and feedback; notes in words. Raises SheetError where the file isn't one."""
    ids, grades, maxima, _ = (_column(sheet, name) for name in _NEEDED)
    feedback, open_to_all = sheet.column("Feedback comments"), sheet.column("Grade can be changed")
    notes = [] if feedback is not None else ["the worksheet has no feedback comments: points only"]
    left, filled = dict(by_id), Filled()
    for row in sheet.rows:
        if len(row) != len(sheet.header):
            continue
        found = left.pop(_participant(row[ids]), None)
        if found is None:
            filled.without += 1
            continue
        if open_to_all is not None and row[open_to_all].strip().casefold() == "no":
            notes.append(f"Moodle has locked the grade of {row[ids]}: {found.submission}")
            continue
        filled.put(row, grades, scaled(found.score, found.max_score, _maximum(row[maxima])))
        if feedback is not None:
            row[feedback] = comment(found)
    missing = [f"{result.submission} (Participant {id})" for id, result in sorted(left.items())]
    notes += [f"not in the worksheet: {who}" for who in missing]
    return [*notes, filled.sentence("worksheet")]


def comment(result: Result) -> str:
    """Points by exercise, the first diagnosis, what was set by hand or not checked; as HTML."""
    return "<br>".join(html.escape(" ".join(line.split())) for line in _lines(result))


def _lines(result: Result) -> Iterator[str]:
    for exercise in result.exercises:
        earned = f"{points(exercise.score)} of {points(exercise.max_score)}"
        yield f"{exercise.number} {visible(exercise.title, SAID)}: {earned}"
        if exercise.problem:
            yield visible(exercise.problem, SAID)
    for exercise, part in facts.parts(result):
        if part.diagnosis is not None:
            yield f"{exercise.number} {part.name}: {visible(part.diagnosis.say, SAID)}"
            break
    yield from (facts.override_words(*pair) for pair in facts.overridden(result))
    if words := facts.not_checked(result):
        yield words


def _column(sheet: Sheet, name: str) -> int:
    place = sheet.column(name)
    if place is None:
        raise SheetError(
            f"this is no grading worksheet of Moodle: it has no column {name!r}. Set Moodle to "
            "English, and use 'Download grading worksheet'"
        )
    return place


def _participant(cell: str) -> str:
    digits = re.search(r"\d+$", cell.strip())
    return digits[0] if digits else ""


def _maximum(cell: str) -> Fraction:
    found = number(cell)
    if not found:
        raise SheetError(f"the maximum grade {cell!r} is no number: is the assignment on a scale?")
    return found
