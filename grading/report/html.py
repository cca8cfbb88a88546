"""A result as one HTML page: no network, no script, light and dark, on screen and on paper.

All that comes from a submission is made visible (control codes), capped and escaped before it is
shown, and all of it together has one budget, so that no submission can make the page large.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
from markupsafe import Markup, escape

from grading.intake import Submission
from grading.report.code import Line, lines_of
from grading.report.pictures.model import Picture
from grading.report.terminal import SIGNS, first_to_mend
from grading.report.text import visible
from grading.results import ExerciseResult, PartResult, Result, Status, TestResult

MAX_STRANGE = 500_000
"""Characters of HTML that all texts of a submission may take together."""

MESSAGE, OUTPUT, SAID = 3000, 1500, 300
"""Characters of one message, of one test's output, and of anything else."""

_SIGNS = SIGNS | {Status.TIMEOUT: ("…", *SIGNS[Status.TIMEOUT][1:])}
"""Many browsers have no letter for the hourglass that terminals show."""

_WAITING = (Status.NOT_STARTED, Status.MISSING)


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
    """One part as the page shows it: the first failure in full, the others folded away."""

    part: PartResult
    diagnosis: Markup
    failures: tuple[Failure, ...]
    passed: int
    code: tuple[Line, ...]


@dataclass(frozen=True)
class ExerciseView:
    """One exercise as the page shows it."""

    result: ExerciseResult
    number: str
    problem: Markup
    parts: tuple[PartView, ...]
    pictures: tuple[Picture, ...]


def page(result: Result, submission: Submission, pictures: Sequence[Picture]) -> str:
    """The whole page."""
    here = Path(__file__).parent
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(here),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    room = _Room(MAX_STRANGE)
    return environment.get_template("page.html").render(
        result=result,
        name=room.fit(result.submission, SAID),
        exercises=[_exercise(e, submission, pictures, room) for e in result.exercises],
        first=first_to_mend(result),
        signs=_SIGNS,
        passed=Status.PASSED,
        failing=sum(p.status is not Status.PASSED for e in result.exercises for p in e.parts),
        isolation=room.fit(result.isolation.level, SAID),
        svg=lambda picture: Markup(picture.svg),
    )


class _Room:
    """Shares out the page's budget for texts that come from a submission."""

    def __init__(self, budget: int) -> None:
        self._left = budget

    def fit(self, text: str, limit: int) -> Markup:
        """The text made visible, capped at `limit`, escaped; or a note that there is no room."""
        shown = escape(visible(text, limit)) if self._left else Markup("")
        if len(shown) > self._left or (text and not self._left):
            self._left = 0
            return Markup("… left out: this page is full, see --json for all of it")
        self._left -= len(shown)
        return shown


def _exercise(
    exercise: ExerciseResult, submission: Submission, pictures: Sequence[Picture], room: _Room
) -> ExerciseView:
    source = submission.sources.get(exercise.id, "")
    return ExerciseView(
        exercise,
        exercise.id.partition("_")[0],
        room.fit(exercise.problem, MESSAGE),
        tuple(_part(part, exercise, source, room) for part in exercise.parts),
        tuple(picture for picture in pictures if picture.exercise == exercise.id),
    )


def _part(part: PartResult, exercise: ExerciseResult, source: str, room: _Room) -> PartView:
    own = [test for test in exercise.tests if test.part == part.name]
    failing = [test for test in own if test.status is not Status.PASSED]
    failing.sort(key=lambda test: (test.status is not part.status, test.visibility != "visible"))
    shown = failing[:1] if part.status in _WAITING else failing
    told = "\n".join(test.message for test in failing)
    code = () if part.status in _WAITING else lines_of(source, exercise.id, part.name, told)
    diagnosis = room.fit(part.diagnosis.say, SAID) if part.diagnosis else Markup("")
    failures = tuple(_failure(test, room) for test in shown)
    return PartView(part, diagnosis, failures, len(own) - len(failing), code)


def _failure(test: TestResult, room: _Room) -> Failure:
    sign, word, _ = _SIGNS[test.status]
    return Failure(
        room.fit(test.title, MESSAGE),
        sign,
        word,
        test.visibility != "visible",
        room.fit(test.message.strip("\n"), MESSAGE),
        room.fit(test.stdout.strip(), OUTPUT),
        test.hint,
    )
