"""What a class's results hold, gathered in one pass; of a result only that is kept.

That is a few kilobytes for each of a class of any size: how tests ended takes a byte each, and what
many results have in common is kept once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar, cast

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

_STATUSES = tuple(Status)

T = TypeVar("T", bound=Hashable)


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


@dataclass(frozen=True, slots=True)
class Score:
    """How an exercise or a part ended."""

    status: Status
    score: float
    max_score: float


@dataclass(frozen=True, slots=True)
class Row:
    """One submission.

    `ended` has a byte for each test of the class's list: 0 for one that the result hasn't, else the
    place of its status among all, counted from 1.
    """

    submission: str
    score: float
    max_score: float
    origin: Origin
    exercises: dict[str, Score]
    parts: dict[tuple[str, str], Score]
    ended: bytes

    def statuses(self) -> Iterator[tuple[int, Status]]:
        """How each test ended, by its place in the class's list."""
        return ((place, _STATUSES[code - 1]) for place, code in enumerate(self.ended) if code)

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
    _kept: dict[Hashable, Hashable] = field(default_factory=dict)

    @property
    def exercises(self) -> list[str]:
        """The stems of all exercises that were graded, in order."""
        return sorted(self.titles)

    def add(self, result: Result) -> None:
        """One more submission."""
        row = len(self.rows)
        for exercise in result.exercises:
            self.titles.setdefault(exercise.id, exercise.title)
            for part in exercise.parts:
                self._note(row, exercise, part)
        self.rows.append(self._row(result))
        self._note_how(result)

    def _row(self, result: Result) -> Row:
        exercises = {self._once(e.id): self._score(e) for e in result.exercises}
        parts = {
            self._once((e.id, part.name)): self._score(part)
            for e in result.exercises
            for part in e.parts
        }
        origin = result.origin or Origin()
        figures = result.score, result.max_score
        return Row(result.submission, *figures, origin, exercises, parts, self._ended(result))

    def _score(self, graded: ExerciseResult | PartResult) -> Score:
        return self._once(Score(graded.status, graded.score, graded.max_score))

    def _once(self, thing: T) -> T:
        """The first thing that was equal to this one: of many such one is enough."""
        return cast(T, self._kept.setdefault(thing, thing))

    def _ended(self, result: Result) -> bytes:
        tests = [(e, test) for e in result.exercises for test in e.tests]
        places = [self._place(*pair) for pair in tests]
        ended = bytearray(len(self.tests))
        for place, (_, test) in zip(places, tests, strict=True):
            ended[place] = 1 + _STATUSES.index(test.status)
        return bytes(ended)

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
