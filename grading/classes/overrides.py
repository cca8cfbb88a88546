"""Points that an instructor gives a part in place of those its tests gave, put into its result."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from grading.results import ExerciseResult, Override, PartResult, Result, summed

Given = Mapping[str, Override]
"""For one submission: an override for each `stem/part`."""


def apply(result: Result, given: Given) -> Result:
    """The result with these overrides, and with those that it had before taken back."""
    exercises = tuple(_exercise(exercise, given) for exercise in result.exercises)
    score = summed(exercise.score for exercise in exercises)
    return msgspec.structs.replace(result, exercises=exercises, score=score)


def _exercise(exercise: ExerciseResult, given: Given) -> ExerciseResult:
    parts = tuple(_part(part, given.get(f"{exercise.id}/{part.name}")) for part in exercise.parts)
    return msgspec.structs.replace(
        exercise, parts=parts, score=summed(part.score for part in parts)
    )


def _part(part: PartResult, override: Override | None) -> PartResult:
    graded = part.override.graded if part.override else part.score
    if override is None:
        return msgspec.structs.replace(part, score=graded, override=None)
    own = msgspec.structs.replace(override, graded=graded)
    return msgspec.structs.replace(part, score=own.points, override=own)


def points_given(result: Result) -> dict[str, float]:
    """The points that stand in a result by override, for each `stem/part`."""
    return {
        f"{exercise.id}/{part.name}": part.override.points
        for exercise in result.exercises
        for part in exercise.parts
        if part.override is not None
    }
