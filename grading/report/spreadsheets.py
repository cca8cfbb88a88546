"""A class's numbers as CSV files: everything that its page shows, and what the page leaves out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from grading.classes.similar import Alike
from grading.report.cohort import Cohort
from grading.report.items import analyse
from grading.report.table import csv_bytes
from grading.results import Status

Rows = Iterator[tuple[object, ...]]


def tables(cohort: Cohort, alike: Sequence[Alike]) -> dict[str, bytes]:
    """The files by name, each in UTF-8 with a header. `alike` is what `similar.find` found."""
    return {
        "submissions.csv": csv_bytes(_SUBMISSIONS, _submissions(cohort)),
        "parts.csv": csv_bytes(_PARTS, _parts(cohort)),
        "tests.csv": csv_bytes(_TESTS, _tests(cohort)),
        "items.csv": csv_bytes(_ITEMS, _items(cohort)),
        "diagnoses.csv": csv_bytes(_DIAGNOSES, _diagnoses(cohort)),
        "similar.csv": csv_bytes(_SIMILAR, _similar(alike)),
    }


_SUBMISSIONS = ("submission", "student", "late", "in_place_of", "notes", "score", "max_score")


def _submissions(cohort: Cohort) -> Rows:
    for row in cohort.rows:
        late = "late" if row.origin.late else ""
        noted = "; ".join(row.origin.earlier), "; ".join(row.origin.notes)
        yield row.submission, row.origin.student, late, *noted, row.score, row.max_score


_PARTS = ("submission", "exercise", "part", "status", "score", "max_score", "tests_gave", "reason")


def _parts(cohort: Cohort) -> Rows:
    given = {(one.row, one.exercise, one.part): one.override for one in cohort.given}
    for place, row in enumerate(cohort.rows):
        for (exercise, part), score in row.parts.items():
            override = given.get((place, exercise, part))
            graded = (override.graded, override.reason) if override else (score.score, "")
            ended = score.status.value, score.score, score.max_score
            yield row.submission, exercise, part, *ended, *graded


_TESTS = ("submission", "exercise", "part", "test", "visibility", "status", "points", "earned")


def _tests(cohort: Cohort) -> Rows:
    for row in cohort.rows:
        for place, status in row.statuses():
            test = cohort.tests[place]
            what = test.exercise, test.part, test.id, test.visibility
            earned = test.points if status is Status.PASSED else 0.0
            yield row.submission, *what, status.value, test.points, earned


_ITEMS = (
    *("exercise", "part", "test", "visibility", "title"),
    *("points", "answers", "failed", "share_failed", "discrimination"),
)


def _items(cohort: Cohort) -> Rows:
    for item in analyse(cohort):
        test = item.test
        what = test.exercise, test.part, test.id, test.visibility, test.title, test.points
        figures = (_rounded(item.share_failed), _rounded(item.discrimination))
        yield *what, item.answers, item.failed, *figures


_DIAGNOSES = ("submission", "exercise", "part", "diagnosis", "sentence")


def _diagnoses(cohort: Cohort) -> Rows:
    for one in cohort.diagnosed.values():
        for row in one.rows:
            yield cohort.rows[row].submission, one.exercise, one.part, one.id, one.say


_SIMILAR = ("exercise", "group", "submission", "share_alike", "odd_tokens", "lines", "same_words")


def _similar(alike: Sequence[Alike]) -> Rows:
    """One row a member; the lines are those of the group's first two."""
    for group, one in enumerate(alike, start=1):
        spans = {
            one.names[0]: [passage.here for passage in one.passages],
            one.names[1]: [passage.there for passage in one.passages],
        }
        words = "; ".join(one.same_words)
        for name in one.names:
            lines = ", ".join(f"{first} to {last}" for first, last in spans.get(name, []))
            figures = round(one.share, 3), round(one.odd)
            yield one.exercise, group, name, *figures, lines, words


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 3)
