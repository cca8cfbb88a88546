"""What each kind of answer must earn: what one that doesn't comes to, as faults.

A solution and an alternative earn everything; a stub nothing, as "not started"; a misconception
loses points in its own part, in no part that doesn't build on it, and is called by its name; an
answer that knows nothing earns next to nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from grading.catalog import Exercise
from grading.proof.inventory import Fault
from grading.proof.trials import Trial
from grading.results import SNIPPET_HEADING, Diagnosis, ExerciseResult, Status, TestResult

TRIVIAL_SHARE = 0.1
"""The share of a part's points that an answer which knows nothing may earn at most."""

_AT = re.compile(r"\A\S+\.py:\d+ | \(\S+\.py:\d+[^)]*\)\Z")
"""A place in the submission that was made of the answer, which is nobody's file."""

_SLIP = re.compile(r"\ANameError\b|\A\S+ can't be loaded: ")


def faults(trial: Trial, exercise: ExerciseResult, is_known: bool) -> Iterator[Fault]:
    """Where the answer's grade isn't what its kind must get.

    `is_known`: diagnosis has the numbers of this misconception.
    """
    match trial.kind:
        case "solution" | "alternative":
            yield from _of_right(trial, exercise)
        case "stub":
            yield from _of_stub(trial, exercise)
        case "misconception":
            yield from _of_wrong(trial, exercise, is_known)
        case _:
            yield from _of_trivial(trial, exercise)


def _of_right(trial: Trial, exercise: ExerciseResult) -> Iterator[Fault]:
    for test in failing(exercise):
        said = test.message.partition(f"\n\n{SNIPPET_HEADING}")[0]
        what = f"is right, but {test.id} says {test.status}: {said}"
        if trial.kind == "solution":  # of a hidden test the message says but the kind
            path, _, name = test.id.partition("::")
            what += f" (see `python -m pytest {path} -k {name} --submission=solutions`)"
        yield Fault(trial.name, what)


def _of_stub(trial: Trial, exercise: ExerciseResult) -> Iterator[Fault]:
    for test in exercise.tests:
        if test.status is not Status.NOT_STARTED:
            yield Fault(trial.name, f"is untouched, but {test.id} says {test.status}")


def _of_wrong(trial: Trial, exercise: ExerciseResult, is_known: bool) -> Iterator[Fault]:
    assert trial.answer is not None
    part = trial.answer.part
    allowed = _users(trial.exercise, part)
    slip = _slip(exercise, part)
    if slip:
        yield Fault(trial.name, f"has a slip of its author's, and so fails any test: {slip}")
    for scored in exercise.parts:
        lost = scored.score < scored.max_score
        if scored.name == part and not lost:
            yield Fault(trial.name, f"is wrong, but earns all points of {part}")
        if scored.name == part and is_known and not slip:
            yield from _of_name(trial, trial.answer.name, scored.diagnosis)
        if scored.name not in allowed and lost:
            yield Fault(trial.name, f"costs points in {scored.name}, which doesn't use {part}")


def _users(exercise: Exercise, part: str) -> set[str]:
    """A part and those that say they use it, directly or not."""
    users = {part}
    for other in exercise.parts:
        if users.intersection(other.uses):
            users.add(other.name)
    return users


def _slip(exercise: ExerciseResult, part: str) -> str:
    """What is wrong not as it was meant, but by a slip of the author's, which fails any test."""
    for test in failing(exercise):
        if test.part == part and test.status is Status.ERROR and _SLIP.search(test.message):
            return _AT.sub("", test.message.partition("\n")[0])
    return ""


def _of_name(trial: Trial, name: str, diagnosis: Diagnosis | None) -> Iterator[Fault]:
    """Is a known mistake called by its name, or by that of one that can't be told from it?"""
    names = (diagnosis.id, *diagnosis.also) if diagnosis else ()
    if name not in names:
        yield Fault(trial.name, f"is called {' or '.join(names) or 'nothing'} by diagnosis")


def _of_trivial(trial: Trial, exercise: ExerciseResult) -> Iterator[Fault]:
    assert trial.answer is not None
    part = trial.answer.part
    for scored in exercise.parts:
        if scored.name == part and scored.score > TRIVIAL_SHARE * scored.max_score:
            passed = ", ".join(
                test.id.rpartition("::")[2]
                for test in exercise.tests
                if test.part == part and test.status is Status.PASSED
            )
            earned = f"{scored.score} of {scored.max_score}"
            yield Fault(trial.name, f"knows nothing, but earns {earned}: {passed}")


def failing(exercise: ExerciseResult) -> list[TestResult]:
    """The tests that this answer doesn't pass."""
    return [test for test in exercise.tests if test.status is not Status.PASSED]
