"""What a class's results hold, gathered in one pass; of a result only that is kept.

A class of 1,000 with 300 tests takes some ten megabytes; its results take hundreds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from grading.results import (
    ExerciseResult,
    Origin,
    Override,
    PartResult,
    Result,
    Status,
    TestResult,
    Visibility,
)

GRAVE = (Status.VIOLATION, Status.CRASHED, Status.TIMEOUT)
"""What an instructor looks at: the process broke the protocol, died, or took too long."""

KEPT_MESSAGE = 400
"""Characters that are kept of an incident's message."""


@dataclass(frozen=True)
class Test:
    """A graded test of the class: whose part it is, what it says, what it is worth."""

    __test__ = False

    exercise: str
    part: str
    id: str
    title: str
    visibility: Visibility
    points: float


@dataclass(frozen=True)
class Score:
    """How an exercise or a part ended."""

    status: Status
    score: float
    max_score: float


@dataclass(frozen=True)
class Row:
    """One submission. `tests` holds how each ended, by the test's place in the class's list."""

    submission: str
    score: float
    max_score: float
    origin: Origin
    exercises: dict[str, Score]
    parts: dict[tuple[str, str], Score]
    tests: dict[int, Status]

    @property
    def student(self) -> str:
        """Whose it is; the submission's name where that isn't known."""
        return self.origin.student or self.submission


@dataclass(frozen=True)
class Diagnosed:
    """A known mistake, its sentence, and the submissions that made it, as places in the rows."""

    exercise: str
    part: str
    id: str
    say: str
    rows: list[int]


@dataclass(frozen=True)
class Incident:
    """A part that ended gravely: in how many tests, and what the first of them said."""

    row: int
    exercise: str
    part: str
    status: Status
    tests: int
    message: str


@dataclass(frozen=True)
class Given:
    """Points that an instructor gave."""

    row: int
    exercise: str
    part: str
    override: Override


@dataclass
class Cohort:
    """The class. `how` counts the ways in which it was graded: one, if all is well."""

    rows: list[Row] = field(default_factory=list)
    titles: dict[str, str] = field(default_factory=dict)
    tests: list[Test] = field(default_factory=list)
    diagnosed: dict[tuple[str, str, str], Diagnosed] = field(default_factory=dict)
    incidents: list[Incident] = field(default_factory=list)
    given: list[Given] = field(default_factory=list)
    how: dict[str, Counter[str]] = field(default_factory=dict)
    _places: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def exercises(self) -> list[str]:
        """The stems of all exercises that were graded, in order."""
        return sorted(self.titles)

    def add(self, result: Result) -> None:
        """One more submission."""
        place, tests = len(self.rows), {}
        for exercise in result.exercises:
            self.titles.setdefault(exercise.id, exercise.title)
            tests.update({self._place(exercise, test): test.status for test in exercise.tests})
            for part in exercise.parts:
                self._note(place, exercise, part)
        self.rows.append(_row(result, tests))
        self._note_how(result)

    def _place(self, exercise: ExerciseResult, test: TestResult) -> int:
        """The test's place in the class's list; the first result that has it says what it is."""
        key = exercise.id, test.id
        if key not in self._places:
            self._places[key] = len(self.tests)
            self.tests.append(
                Test(exercise.id, test.part, test.id, test.title, test.visibility, test.points)
            )
        return self._places[key]

    def _note(self, row: int, exercise: ExerciseResult, part: PartResult) -> None:
        if part.diagnosis is not None:
            said = part.diagnosis
            key = exercise.id, part.name, said.id
            self.diagnosed.setdefault(key, Diagnosed(*key, said.say, [])).rows.append(row)
        if part.override is not None:
            self.given.append(Given(row, exercise.id, part.name, part.override))
        for status in GRAVE:
            own = [t for t in exercise.tests if t.part == part.name and t.status is status]
            if own:
                message = own[0].message[:KEPT_MESSAGE]
                self.incidents.append(
                    Incident(row, exercise.id, part.name, status, len(own), message)
                )

    def _note_how(self, result: Result) -> None:
        measures = ", ".join(result.isolation.measures)
        how = {
            "Isolation": f"{result.isolation.level}: {measures}".removesuffix(": "),
            "Seed": str(result.seed),
            "Kit": f"version {result.kit_version}",
            "Not checked": ", ".join(result.not_checked) or "nothing was left out",
        }
        for what, said in how.items():
            self.how.setdefault(what, Counter())[said] += 1


def _row(result: Result, tests: dict[int, Status]) -> Row:
    return Row(
        result.submission,
        result.score,
        result.max_score,
        result.origin or Origin(),
        {e.id: Score(e.status, e.score, e.max_score) for e in result.exercises},
        {
            (e.id, p.name): Score(p.status, p.score, p.max_score)
            for e in result.exercises
            for p in e.parts
        },
        tests,
    )
