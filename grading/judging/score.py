"""Verdicts → points: every test's share, every part's and exercise's score, the whole result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from grading import kit
from grading.catalog import Catalog, Exercise, Part
from grading.errors import GraderFault
from grading.handed_in.intake import Submission
from grading.results import (
    HUNDREDTHS,
    ExerciseResult,
    Isolation,
    PartResult,
    Result,
    Status,
    TestResult,
    Visibility,
    overall,
    share,
    summed,
)
from grading.session import definitions


@dataclass(frozen=True)
class Verdict:
    """How one graded test ended: `kind` without numbers, `detail` with all that was seen.

    `not_by_hand`: it used a tool that the part is to do without. `unloaded`: the file is at fault.
    """

    status: Status
    kind: str = ""
    detail: str = ""
    stdout: str = ""
    duration: float = 0.0
    not_by_hand: bool = False
    unloaded: bool = False


@dataclass(frozen=True)
class GradedTest:
    """A graded test: its id, what it belongs to, its share of the points, what it says."""

    id: str
    exercise: Exercise
    part: str
    weight: int
    title: str
    visibility: Visibility


def exercise_result(
    exercise: Exercise,
    tests: Sequence[GradedTest],
    verdicts: dict[str, Verdict],
    submission: Submission,
) -> ExerciseResult:
    """Score one exercise. Raises GraderFault where a test of it was not reported."""
    scored: list[TestResult] = []
    parts: list[PartResult] = []
    # what a worker couldn't load in its time, nobody reads here: that may take as long
    loaded = not any(verdicts[test.id].unloaded for test in tests if test.id in verdicts)
    source = submission.sources.get(exercise.stem, "") if loaded else ""
    for part in exercise.parts:
        own = _part_tests(
            exercise, part, [test for test in tests if test.part == part.name], verdicts
        )
        scored.extend(own)
        parts.append(_part_result(part, own, parts, source))
    return ExerciseResult(
        id=exercise.stem,
        title=exercise.title,
        status=overall([part.status for part in parts]),
        score=summed(part.score for part in parts),
        max_score=float(exercise.points),
        parts=tuple(parts),
        tests=tuple(scored),
        problem=_problem(exercise, [verdicts[test.id] for test in tests], submission),
    )


def result(
    submission: Submission,
    exercises: Sequence[ExerciseResult],
    *,
    seed: int,
    duration: float,
    isolation: Isolation,
    not_checked: Sequence[str],
) -> Result:
    """Put a submission's exercises together."""
    return Result(
        submission=submission.name,
        score=summed(exercise.score for exercise in exercises),
        max_score=summed(exercise.max_score for exercise in exercises),
        seed=seed,
        kit_version=kit.version(),
        duration=duration,
        isolation=isolation,
        not_checked=tuple(not_checked),
        exercises=tuple(exercises),
    )


def not_checked(catalog: Catalog, exercises: Sequence[Exercise], visible_only: bool) -> list[str]:
    """What a run of these exercises leaves out, in words."""
    left_out = [exercise.stem for exercise in catalog.exercises if exercise not in exercises]
    if not catalog.has_hidden:
        left_out.append("hidden tests (not in this copy of the kit)")
    elif visible_only:
        left_out.append("hidden tests (--visible-only)")
    return left_out


def _problem(exercise: Exercise, verdicts: Sequence[Verdict], submission: Submission) -> str:
    """Why the file as a whole can't be graded; empty where a test came so far as to call it."""
    if not submission.has(exercise):
        return submission.problem(exercise)
    return verdicts[0].detail if all(verdict.unloaded for verdict in verdicts) else ""


def _part_tests(
    exercise: Exercise, part: Part, tests: list[GradedTest], verdicts: dict[str, Verdict]
) -> list[TestResult]:
    if not tests:
        raise GraderFault(f"{exercise.stem}: no test was collected for {part.name}")
    lost = [test.id for test in tests if test.id not in verdicts]
    if lost:
        raise GraderFault(f"not every test was reported; missing: {', '.join(lost)}")
    own = _without_tools({test.id: verdicts[test.id] for test in tests})
    points = share(part.points, [test.weight for test in tests])
    return [
        _test_result(test, own[test.id], hundredths)
        for test, hundredths in zip(tests, points, strict=True)
    ]


def _without_tools(verdicts: dict[str, Verdict]) -> dict[str, Verdict]:
    """A part that was to be written by hand, and wasn't, earns nothing in any test."""
    found = next((verdict for verdict in verdicts.values() if verdict.not_by_hand), None)
    if found is None:
        return verdicts
    return {
        id: replace(found, stdout=verdict.stdout, duration=verdict.duration)
        for id, verdict in verdicts.items()
    }


def _test_result(test: GradedTest, verdict: Verdict, hundredths: int) -> TestResult:
    passed = verdict.status is Status.PASSED
    hidden = test.visibility is Visibility.HIDDEN
    return TestResult(
        id=test.id,
        part=test.part,
        title=test.title,
        visibility=test.visibility,
        status=verdict.status,
        points=hundredths / HUNDREDTHS,
        earned=hundredths / HUNDREDTHS if passed else 0.0,
        message=verdict.kind if hidden else verdict.detail,
        hint="" if passed else f"python grader.py hint {test.exercise.number} {test.part}",
        stdout="" if hidden else verdict.stdout,
        duration=verdict.duration,
    )


def _part_result(
    part: Part, tests: list[TestResult], above: list[PartResult], source: str
) -> PartResult:
    status = overall([test.status for test in tests])
    failing = [other.name for other in above if other.status is not Status.PASSED]
    needed = [
        name
        for name in part.uses
        if name in failing and definitions.reaches(source, part.name, name)
    ]
    return PartResult(
        name=part.name,
        status=status,
        score=summed(test.earned for test in tests),
        max_score=float(part.points),
        mend_first=needed[0] if needed and status is not Status.PASSED else "",
    )
