"""A result as one HTML page: no network, no script, light and dark, on screen and on paper.

All that comes from a submission is made visible (control codes), capped and escaped before it is
shown, and all of it together has one budget, so that no submission can make the page large.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

from grading.handed_in.intake import Submission
from grading.report import facts
from grading.report.code import Line, lines_of
from grading.report.template import Room, encoded, render
from grading.report.terminal import SIGNS
from grading.results import (
    ExerciseResult,
    Origin,
    PartResult,
    Result,
    Status,
    TestResult,
    Visibility,
)

if TYPE_CHECKING:
    from grading.report.pictures.model import Picture  # brings torch, which a class needs not

MAX_STRANGE = 500_000
"""Characters of HTML that all texts of a submission may take together."""

MESSAGE, OUTPUT, SAID = 3000, 1500, 300
"""Characters of one message, of one test's output, and of anything else."""

MAX_NOTES = 50
"""Earlier submissions, and notes, that a page lists."""


@dataclass(frozen=True)
class Failure:
    """One failing test as the page shows it."""

    title: Markup
    sign: str
    word: str
    hidden: bool
    message: Markup
    printed: Markup
    hint: str


@dataclass(frozen=True)
class PartView:
    """One part as the page shows it: the first failure in full, all its tests in a folded list."""

    part: PartResult
    tests: tuple[TestResult, ...]
    diagnosis: Markup
    reason: Markup
    failures: tuple[Failure, ...]
    passed: int
    code: tuple[Line, ...]


@dataclass(frozen=True)
class ExerciseView:
    """One exercise as the page shows it; what is wrong with a whole file is told once."""

    result: ExerciseResult
    number: str
    problem: Markup
    printed: Markup
    code: tuple[Line, ...]
    parts: tuple[PartView, ...]
    pictures: tuple[Picture, ...]


def page(result: Result, submission: Submission, pictures: Sequence[Picture]) -> str:
    """The whole page of a result that was graded for oneself."""
    return _page(result, submission, pictures, seed=str(result.seed))


def student_page(result: Result, submission: Submission) -> bytes:
    """The page that answers a student of a class "why this score?".

    It holds what the student may see: the seed that the instructor keeps, the platform's numbers
    and whatever else concerns the class are left out; no pictures are drawn.
    """
    return encoded(_page(result, submission, [], seed="your instructor's"))


def _page(result: Result, submission: Submission, pictures: Sequence[Picture], seed: str) -> str:
    room = Room(MAX_STRANGE)
    origin, first = result.origin or Origin(), facts.first_to_mend(result)
    return render(
        "page.html",
        result=result,
        seed=seed,
        name=room.fit(origin.student or result.submission, SAID),
        submission=room.fit(result.submission, SAID),
        late=origin.late,
        earlier=[room.fit(name, SAID) for name in origin.earlier[:MAX_NOTES]],
        notes=[room.fit(note, MESSAGE) for note in origin.notes[:MAX_NOTES]],
        exercises=[_exercise(e, submission, pictures, room) for e in result.exercises],
        first=first,
        all_right=facts.all_right(result),
        cause_words=facts.cause_words,
        passed=Status.PASSED,
        left=len(facts.left_after(result, first)) if first else 0,
        isolation=room.fit(result.isolation.level, SAID),
        svg=lambda picture: Markup(picture.svg),
    )


def _exercise(
    exercise: ExerciseResult, submission: Submission, pictures: Sequence[Picture], room: Room
) -> ExerciseView:
    source = submission.sources.get(exercise.id, "")
    printed = "".join(test.stdout for test in exercise.tests[:1]) if exercise.problem else ""
    return ExerciseView(
        exercise,
        exercise.number,
        room.fit(exercise.problem, MESSAGE),
        room.fit(printed.strip(), OUTPUT),
        lines_of(source, exercise.id, "", exercise.problem),
        tuple(_part(part, exercise, source, room) for part in exercise.parts),
        tuple(picture for picture in pictures if picture.exercise == exercise.id),
    )


def _part(part: PartResult, exercise: ExerciseResult, source: str, room: Room) -> PartView:
    own = facts.tests_of(exercise, part)
    failing = [] if exercise.problem else facts.failing(exercise, part)
    shown = failing[:1] if part.status in facts.WAITING else failing
    said = "\n".join(test.message for test in shown)
    code = () if part.status in facts.WAITING else lines_of(source, exercise.id, part.name, said)
    diagnosis = room.fit(part.diagnosis.say, SAID) if part.diagnosis else Markup("")
    reason = room.fit(part.override.reason, MESSAGE) if part.override else Markup("")
    failures = tuple(_failure(test, room) for test in shown)
    passed = sum(test.status is Status.PASSED for test in own)
    return PartView(part, tuple(own), diagnosis, reason, failures, passed, code)


def _failure(test: TestResult, room: Room) -> Failure:
    sign, word, _ = SIGNS[test.status]
    return Failure(
        room.fit(test.title, MESSAGE),
        sign,
        word,
        test.visibility is Visibility.HIDDEN,
        room.fit(test.message.strip("\n"), MESSAGE),
        room.fit(test.stdout.strip(), OUTPUT),
        test.hint,
    )
