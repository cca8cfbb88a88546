"""The class as one table for a spreadsheet: gradebook.csv, a row a submission."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from grading.catalog import Catalog
from grading.report import facts
from grading.report.sheets import Sheet, joined, points, safe, written
from grading.results import ExerciseResult, Origin, Result

BEFORE = ("submission", "student", "late", "score", "max_score")
AFTER = (
    *("problems", "not_checked", "overridden", "earlier", "notes", "ids"),
    *("isolation", "seed", "kit_version", "fingerprint"),
)


def rows(results: Iterable[Result], catalog: Catalog) -> bytes:
    """gradebook.csv: UTF-8 with a byte order mark (Excel asks for it), by submission's name.

    Each exercise has a column of points and one of its status. Both are empty where it was not
    checked, which is something else than 0 points.
    """
    graded = sorted(results, key=lambda result: result.submission)
    stems = _stems(graded, catalog)
    header = [*BEFORE]
    for stem in stems:
        header += [safe(stem), safe(f"{stem.partition('_')[0]} status")]
    table = [_row(result, stems) for result in graded]
    return written(Sheet([*header, *AFTER], table, mark=True))


def _stems(graded: Sequence[Result], catalog: Catalog) -> list[str]:
    """The kit's exercises, and after them those that only an older kit had."""
    known = [exercise.stem for exercise in catalog.exercises]
    found = {exercise.id for result in graded for exercise in result.exercises}
    return known + sorted(found - set(known))


def _row(result: Result, stems: Sequence[str]) -> list[str]:
    origin = result.origin or Origin()
    by_stem = {exercise.id: exercise for exercise in result.exercises}
    row = [
        safe(result.submission),
        safe(origin.student),
        "late" if origin.late else "",
        points(result.score),
        points(result.max_score),
    ]
    for stem in stems:
        row += _cells(by_stem.get(stem))
    return [*row, *_facts(result, origin)]


def _cells(exercise: ExerciseResult | None) -> list[str]:
    return [points(exercise.score), exercise.status.value] if exercise else ["", ""]


def _facts(result: Result, origin: Origin) -> list[str]:
    """The cells of `AFTER`."""
    return [
        joined([exercise.problem for exercise in result.exercises if exercise.problem]),
        joined(result.not_checked),
        joined([facts.override_words(*pair) for pair in facts.overridden(result)]),
        joined(origin.earlier),
        joined(origin.notes),
        joined([f"{name} {value}" for name, value in sorted(origin.ids.items())]),
        safe(result.isolation.level),
        str(result.seed),
        safe(result.kit_version),
        safe(result.fingerprint),
    ]
