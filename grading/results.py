"""What a grade is: statuses, tests, parts, exercises, the whole; and its JSON."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Literal

import msgspec

SCHEMA_VERSION: Literal[1] = 1
DEFAULT_SEED = 20260
"""Fixed, so that the same submission gets the same score; instructors choose a secret one."""

SNIPPET_HEADING = "To see it, start Python in your file's folder and paste this:"
"""Stands between the words of a visible test's message and the lines that show the failure."""

HUNDREDTHS = 100
"""Points are shared out in whole hundredths, so that they add up exactly."""


class NoResultError(ValueError):
    """What was read as a result is none; the text says why."""


class Status(StrEnum):
    """How a test, a part or an exercise ended."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_STARTED = "not_started"
    MISSING = "missing"
    ERROR = "error"
    TIMEOUT = "timeout"
    CRASHED = "crashed"
    VIOLATION = "violation"


class Visibility(StrEnum):
    """Who has a graded test: students as well, or instructors alone."""

    VISIBLE = "visible"
    HIDDEN = "hidden"


_GRAVEST_FIRST = (
    Status.VIOLATION,
    Status.CRASHED,
    Status.TIMEOUT,
    Status.ERROR,
    Status.FAILED,
)


class Diagnosis(msgspec.Struct, frozen=True, omit_defaults=True):
    """A known mistake that gives exactly these answers, and what a teacher would say.

    `also` names those that give the same answers and so can't be told from it, where there are any.
    """

    id: str
    say: str
    also: tuple[str, ...] = ()


class TestResult(msgspec.Struct, frozen=True):
    """One graded test. `title` is the sentence that the student reads; `duration` in seconds."""

    __test__ = False

    id: str
    part: str
    title: str
    visibility: Visibility
    status: Status
    points: float
    earned: float
    message: str
    hint: str
    stdout: str
    duration: float


class Override(msgspec.Struct, frozen=True):
    """Points that an instructor gave a part in place of those its tests gave, and why."""

    points: float
    graded: float
    reason: str


class PartResult(msgspec.Struct, frozen=True):
    """One function or class of an exercise. `mend_first` names a failing part that it builds on.

    With an `override`, `score` is what the instructor gave; the status stays that of the tests.
    """

    name: str
    status: Status
    score: float
    max_score: float
    diagnosis: Diagnosis | None = None
    mend_first: str = ""
    override: Override | None = None


class ExerciseResult(msgspec.Struct, frozen=True):
    """One exercise. `problem` says why its file could not be taken or loaded, where it couldn't."""

    id: str
    title: str
    status: Status
    score: float
    max_score: float
    parts: tuple[PartResult, ...]
    tests: tuple[TestResult, ...]
    problem: str = ""

    @property
    def number(self) -> str:
        """`ex01` of `ex01_recurrence`."""
        return self.id.partition("_")[0]


class Isolation(msgspec.Struct, frozen=True):
    """How far the student's code was shut in: a level, and the limits that held."""

    level: str
    measures: tuple[str, ...] = ()


class Origin(msgspec.Struct, frozen=True):
    """Whose submission of a class it is, and what was seen when it was found.

    `earlier` are the resubmissions that it replaces, `notes` what else an instructor should know
    (a file matched to an exercise by its name, say), `ids` the platform's own numbers by name.
    """

    student: str = ""
    late: bool = False
    earlier: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    ids: dict[str, str] = {}


class Result(msgspec.Struct, frozen=True):
    """One submission's grade.

    `fingerprint` stands for all that the grade depends on: content, seed, kit and limits.
    """

    submission: str
    score: float
    max_score: float
    seed: int
    kit_version: str
    duration: float
    isolation: Isolation
    not_checked: tuple[str, ...]
    exercises: tuple[ExerciseResult, ...]
    origin: Origin | None = None
    fingerprint: str = ""
    schema_version: Literal[1] = SCHEMA_VERSION

    @property
    def complete(self) -> bool:
        """Did everything that was asked for earn full marks?"""
        return bool(self.exercises) and all(
            exercise.status is Status.PASSED for exercise in self.exercises
        )


def to_json(result: Result) -> bytes:
    """The result as JSON, indented, ending in a line feed."""
    return msgspec.json.format(msgspec.json.encode(result), indent=1) + b"\n"


def from_json(text: bytes) -> Result:
    """A result from its JSON. Raises NoResultError for anything else."""
    try:
        return msgspec.json.decode(text, type=Result)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise NoResultError(str(error)) from None


def share(points: int, weights: Sequence[int]) -> list[int]:
    """Share out points by weight, in hundredths that add up exactly (largest remainders first)."""
    hundredths, total = points * HUNDREDTHS, sum(weights)
    shares = [hundredths * weight // total for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: -(hundredths * weights[i] % total))
    for i in by_remainder[: hundredths - sum(shares)]:
        shares[i] += 1
    return shares


def summed(points: Iterable[float]) -> float:
    """The sum of points that are whole hundredths, without a rounding error."""
    return sum(round(value * HUNDREDTHS) for value in points) / HUNDREDTHS


def overall(statuses: Sequence[Status]) -> Status:
    """The status of a whole from those of its pieces."""
    distinct = set(statuses)
    if len(distinct) == 1:
        return distinct.pop()
    for status in _GRAVEST_FIRST:
        if status in distinct:
            return status
    return Status.FAILED
