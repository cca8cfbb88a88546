"""What every report of a result must say in words beside the points."""

from __future__ import annotations

from collections.abc import Iterator

from grading.counting import counted
from grading.report.text import visible
from grading.results import (
    ExerciseResult,
    PartResult,
    Result,
    Status,
    TestResult,
    Visibility,
    summed,
)

BROKEN = (Status.MISSING, Status.ERROR, Status.TIMEOUT, Status.CRASHED, Status.VIOLATION)
"""No answer came of it: the run broke. The others are answers, or stubs that wait for one."""

WAITING = (Status.NOT_STARTED, Status.MISSING)
"""Nothing was handed in for it."""


def not_checked(result: Result) -> str:
    """One sentence on what the points say nothing about; empty where all was checked."""
    names = [visible(name, 200).partition("_")[0] for name in result.not_checked]
    return f"Not checked: {', '.join(names)}." if names else ""


def parts(result: Result) -> Iterator[tuple[ExerciseResult, PartResult]]:
    """Every part with its exercise."""
    return ((exercise, part) for exercise in result.exercises for part in exercise.parts)


def first_to_mend(result: Result) -> tuple[ExerciseResult, PartResult] | None:
    """The part to work on first: one that was begun and isn't right; else the first not begun."""
    unfinished = [pair for pair in parts(result) if pair[1].status is not Status.PASSED]
    begun = [pair for pair in unfinished if is_begun(*pair)]
    return next(iter(begun or unfinished), None)


def left_after(result: Result, first: tuple[ExerciseResult, PartResult]) -> list[PartResult]:
    """The parts that aren't right yet beside the first one; of a file at fault, beside it all."""
    told = first[0].parts if first[0].problem else first[1:]
    return [
        part
        for _, part in parts(result)
        if part.status is not Status.PASSED and not any(part is one for one in told)
    ]


def all_right(result: Result) -> str:
    """What it means that all tests pass: those left out, or an instructor, may see it otherwise."""
    if overridden(result):
        return "Every test passes. Some points were set by hand."
    tests = [test for exercise in result.exercises for test in exercise.tests]
    if any(test.visibility is Visibility.HIDDEN for test in tests):
        return "Everything that was asked for is right."
    return (
        "Every visible test passes. The hidden ones, which your instructor has, check more of "
        "what the docstrings promise."
    )


def is_there(exercise: ExerciseResult) -> bool:
    """Was its file handed in, and taken? (Where it was, a missing function was renamed.)"""
    return exercise.status is not Status.MISSING or not exercise.problem


def is_begun(exercise: ExerciseResult, part: PartResult) -> bool:
    """Is it more than the stub?"""
    return is_there(exercise) and part.status is not Status.NOT_STARTED


def overridden(result: Result) -> list[tuple[ExerciseResult, PartResult]]:
    """The parts whose points an instructor set by hand."""
    return [(exercise, part) for exercise, part in parts(result) if part.override is not None]


def override_words(exercise: ExerciseResult, part: PartResult) -> str:
    """Whose points were set, from what to what, and why; empty where the tests' points stand."""
    if part.override is None:
        return ""
    points = f"{part.override.graded:g} to {counted(part.override.points, 'point')}"
    reason = visible(part.override.reason, 300).replace("\n", " ")
    return f"{exercise.number} · {part.name}: set by hand from {points}: {reason}"


def gained(part: PartResult) -> float:
    """The points that an override adds to those of the tests, or takes away."""
    return summed([part.override.points, -part.override.graded]) if part.override else 0.0


def cause_words(part: PartResult) -> str:
    """Why the part that `mend_first` names is to be mended before this one."""
    return f"{part.mend_first} isn't right yet and may be the cause"


def tests_of(exercise: ExerciseResult, part: PartResult) -> list[TestResult]:
    """The graded tests of a part, in their order."""
    return [test for test in exercise.tests if test.part == part.name]


def failing(exercise: ExerciseResult, part: PartResult) -> list[TestResult]:
    """The tests of a part that did not pass: first those that students have.

    Of these first the ones that ended as the part did, or with a wrong answer.
    """
    own = [test for test in tests_of(exercise, part) if test.status is not Status.PASSED]
    telling = (part.status, Status.FAILED)
    return sorted(own, key=lambda t: (t.visibility is Visibility.HIDDEN, t.status not in telling))
