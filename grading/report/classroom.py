"""A class as one HTML page: who, which exercise, which test, which mistake.

The page reads without a network and without JavaScript; one small script, which the page's policy
names by its hash, filters and sorts the table of the class. It is the instructor's page: the seed
and messages of hidden tests stand in it.
"""

from __future__ import annotations

import base64
import hashlib
import statistics
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from markupsafe import Markup

from grading.classes.similar import Alike
from grading.report import distribution
from grading.report.cohort import GRAVE, Cohort, Row, Score
from grading.report.facts import WAITING
from grading.report.items import Item, analyse
from grading.report.template import Room, encoded, part_of_a_page, render
from grading.report.text import visible
from grading.results import Status

MAX_STRANGE = 600_000
"""Characters of HTML that messages, reasons and notes of all submissions may take together."""

NAME, SAID = 60, 300
"""Characters of a name, and of anything else that was written by a stranger."""

MOST_ROWS = 200
"""Rows of a list (alike, incidents, overrides, late): the CSV files hold all of them."""

FEWEST, HARDLY, MOST_TESTS = 3, 0.1, 10
"""Of the tests that are worth a look: least failed and passed, discrimination below, how many."""

FIRST_MISTAKES = 12
"""Known mistakes that are seen without unfolding."""

MOST_NAMES = 12
"""Names that stand with a diagnosis or in a group that is alike."""


@dataclass(frozen=True)
class Student:
    """A row's name as the page shows it, and the address of its page."""

    label: str
    href: str


@dataclass(frozen=True)
class ExerciseFigures:
    """How a class did in one exercise: points, and how many ended how."""

    stem: str
    title: str
    max_score: float
    mean: float
    median: float
    full: int
    partly: int
    waiting: int


@dataclass(frozen=True)
class DiagnosisView:
    """A known mistake, how many made it, and some of their names."""

    exercise: str
    part: str
    say: Markup
    count: int
    names: list[str]


def page(cohort: Cohort, alike: Sequence[Alike]) -> bytes:
    """The page of a class. `alike` is what `similar.find` found of it."""
    script = part_of_a_page("class.js")
    room = Room(MAX_STRANGE)
    students = _students(cohort.rows)
    items = analyse(cohort)
    shown = render(
        "class.html",
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        cohort=cohort,
        rows=list(zip(students, cohort.rows, strict=True)),
        students=students,
        exercises=[_figures(stem, cohort) for stem in cohort.exercises],
        totals=_totals(cohort.rows),
        distribution=distribution.histogram([_share(row) for row in cohort.rows]),
        items=items,
        worth_a_look=_worth_a_look(items),
        diagnoses=_diagnoses(cohort, students, room),
        alike=_named(alike, cohort, students),
        fit=lambda text: room.fit(text, SAID),
        incidents=sorted(cohort.incidents, key=lambda one: GRAVE.index(one.status)),
        step=_step,
        grave=GRAVE,
        waiting=WAITING,
        statuses=[status for status in Status if status in _present(cohort)],
        first=FIRST_MISTAKES,
        most=MOST_ROWS,
        most_names=MOST_NAMES,
    )
    return encoded(shown)


def _students(rows: Iterable[Row]) -> list[Student]:
    """A label for each; submissions whose students bear one name are told apart."""
    rows = list(rows)
    times = Counter(_as_seen(row) for row in rows)
    return [
        Student(visible(_label(row, times[_as_seen(row)]), 2 * NAME), href(row.submission))
        for row in rows
    ]


def _as_seen(row: Row) -> str:
    return unicodedata.normalize("NFKC", row.student)


def _label(row: Row, times: int) -> str:
    name = row.student[:NAME]
    return name if times == 1 else f"{name} ({row.submission[:NAME]})"


def href(submission: str) -> str:
    """The address of a student's page, seen from the class's."""
    return f"students/{quote(submission, safe='', errors='replace')}.html"


def _share(row: Row) -> float:
    return row.score / row.max_score if row.max_score else 0.0


def _step(score: Score) -> int:
    """The step of the colour scale: 0 nothing, 1 to 4 quarters, 5 full marks."""
    if score.score >= score.max_score:
        return 5
    return min(1 + int(4 * score.score / score.max_score), 4) if score.score > 0 else 0


def _figures(stem: str, cohort: Cohort) -> ExerciseFigures:
    scores = [row.exercises[stem] for row in cohort.rows if stem in row.exercises]
    points = [score.score for score in scores]
    waiting = sum(score.status in WAITING for score in scores)
    full = sum(score.score >= score.max_score for score in scores)
    return ExerciseFigures(
        stem,
        cohort.titles[stem],
        max(score.max_score for score in scores),
        statistics.fmean(points),
        statistics.median(points),
        full,
        len(scores) - full - waiting,
        waiting,
    )


def _totals(rows: list[Row]) -> dict[str, float]:
    points = [row.score for row in rows] or [0.0]
    return {
        "mean": statistics.fmean(points),
        "median": statistics.median(points),
        "least": min(points),
        "most": max(points),
        "max_score": max((row.max_score for row in rows), default=0.0),
    }


def _worth_a_look(items: list[Item]) -> list[Item]:
    """Tests that strong students fail about as often as weak ones, the worst first.

    A test that one or two have failed, or passed, says nothing about the others.
    """
    telling = [item for item in items if FEWEST <= item.failed <= item.answers - FEWEST]
    low = [(item.discrimination, item) for item in telling if item.discrimination is not None]
    low.sort(key=lambda pair: pair[0])
    return [item for discrimination, item in low if discrimination < HARDLY][:MOST_TESTS]


def _diagnoses(cohort: Cohort, students: list[Student], room: Room) -> list[DiagnosisView]:
    found = sorted(cohort.diagnosed.values(), key=lambda d: (-len(d.rows), d.exercise, d.part))
    return [
        DiagnosisView(
            one.exercise,
            one.part,
            room.fit(one.say, SAID),
            len(one.rows),
            [students[row].label for row in one.rows[:MOST_NAMES]],
        )
        for one in found
    ]


def _named(
    alike: Sequence[Alike], cohort: Cohort, students: list[Student]
) -> list[tuple[Alike, list[Student]]]:
    """Each group with its students, the two whose lines are shown first."""
    of = {row.submission: student for row, student in zip(cohort.rows, students, strict=True)}
    return [
        (one, [of.get(n, Student(visible(n, NAME), href(n))) for n in one.names]) for one in alike
    ]


def _present(cohort: Cohort) -> set[Status]:
    return {score.status for row in cohort.rows for score in row.exercises.values()}
