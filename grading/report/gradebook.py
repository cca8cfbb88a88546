"""The class as one table for a spreadsheet: gradebook.csv, a row a submission."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from grading.catalog import Catalog
from grading.report import facts
from grading.report.sheets import Sheet, joined, one_line, points, written
from grading.results import ExerciseResult, Origin, Result

BEFORE = ("submission", "student", "late", "score", "max_score")
AFTER = (
    *("problems", "not_checked", "overridden", "earlier", "notes", "ids"),
    *("isolation", "seed", "kit_version", "fingerprint"),
)


class Book:
    """The table under way: of each result only its cells are kept.

    Each exercise has a column of points and one of its status. Both are empty where it was not
    checked, which is something else than 0 points.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._known = [exercise.stem for exercise in catalog.exercises]
        self._lines: list[_Line] = []

    def add(self, result: Result) -> None:
        """One more submission."""
        origin = result.origin or Origin()
        before = [
            one_line(result.submission),
            one_line(origin.student),
            "late" if origin.late else "",
            points(result.score),
            points(result.max_score),
        ]
        by_stem = {exercise.id: _cells(exercise) for exercise in result.exercises}
        self._lines.append(_Line(before, by_stem, _facts(result, origin)))

    def content(self) -> bytes:
        """gradebook.csv: UTF-8 with a byte order mark (Excel asks for it), by submission's name."""
        stems = self._stems()
        header = [*BEFORE]
        for stem in stems:
            header += [one_line(stem), one_line(f"{stem.partition('_')[0]} status")]
        table = [line.cells(stems) for line in sorted(self._lines, key=lambda line: line.before)]
        return written(Sheet([*header, *AFTER], table, mark=True))

    def _stems(self) -> list[str]:
        """The kit's exercises, and after them those that only an older kit had."""
        found = {stem for line in self._lines for stem in line.by_stem}
        return self._known + sorted(found - set(self._known))


@dataclass(frozen=True)
class _Line:
    """The cells of one submission: those before its exercises, theirs by stem, those after."""

    before: list[str]
    by_stem: dict[str, list[str]]
    after: list[str]

    def cells(self, stems: Sequence[str]) -> list[str]:
        exercises = [cell for stem in stems for cell in self.by_stem.get(stem, ["", ""])]
        return [*self.before, *exercises, *self.after]


def rows(results: Iterable[Result], catalog: Catalog) -> bytes:
    """gradebook.csv of these results."""
    book = Book(catalog)
    for result in results:
        book.add(result)
    return book.content()


def _cells(exercise: ExerciseResult) -> list[str]:
    return [points(exercise.score), exercise.status.value]


def _facts(result: Result, origin: Origin) -> list[str]:
    """The cells of `AFTER`."""
    problems = dict.fromkeys(e.problem for e in result.exercises if e.problem)  # each once
    return [
        joined([*problems]),
        joined(result.not_checked),
        joined([facts.override_words(*pair) for pair in facts.overridden(result)]),
        joined(origin.earlier),
        joined(origin.notes),
        joined([f"{name} {value}" for name, value in sorted(origin.ids.items())]),
        one_line(result.isolation.level),
        str(result.seed),
        one_line(result.kit_version),
        one_line(result.fingerprint),
    ]
