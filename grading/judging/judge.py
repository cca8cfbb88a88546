"""The judge of one submission: a session for each exercise, and a verdict for each graded test."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import pytest

from grading.catalog import Catalog, Exercise
from grading.handed_in import intake
from grading.judging.score import GradedTest, Verdict
from grading.results import SNIPPET_HEADING, Status, Visibility
from grading.session import outcomes
from grading.session.remote import Step
from grading.session.session import Session
from grading.session.transport import Transport
from grading.testing import counterexample

ANSWER_ERRORS = (outcomes.WrongError, outcomes.StudentError)
"""A call was answered, and the answer is wrong: it can be shown."""


@dataclass
class Judge:
    """Judges one submission: a session for each exercise, a verdict for each test."""

    catalog: Catalog
    submission: intake.Submission
    seed: int
    connect: Callable[[], Transport]
    shrink: bool = True
    time_factor: float = 1.0
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    measures: tuple[str, ...] = ()
    began: float = field(default_factory=time.monotonic)
    _session: Session | None = None

    def session(self, exercise: Exercise) -> Session:
        """The exercise's session; that of the exercise before it ends."""
        if self._session is None or self._session.stem != exercise.stem:
            self.close()
            self._session = Session.of(
                exercise, self.submission, self.connect, self.seed, self.time_factor
            )
        return self._session

    def begin(self, exercise: Exercise, test: str, part: str) -> Session:
        """Get ready for a test."""
        session = self.session(exercise)
        session.begin(test, part)
        return session

    def close(self) -> None:
        """End the worker."""
        if self._session is not None:
            self.measures = self._session.measures or self.measures
            self._session.close()
            self._session = None

    def note_missing(self, test: GradedTest) -> None:
        """Note a test of an exercise that wasn't handed in: there is nothing to call."""
        missing = outcomes.Missing(self.submission.problem(test.exercise))
        self.verdicts[test.id] = Verdict(missing.status, missing.kind, missing.detail)

    def note(
        self, test: GradedTest, report: pytest.TestReport, error: BaseException | None
    ) -> Verdict | None:
        """Note how a phase of a test ended; a later phase never mends an earlier one.

        Gives the test's verdict so far; None where there is none, for a fault of ours.
        """
        error = self._attributed(error or self._ending())
        verdict = _verdict(error, self._steps(), self._snippet(test, error))
        before = self.verdicts.get(test.id)
        if error is not None and verdict is None:
            self.faults.append(f"{test.id} ({report.when}):\n{report.longreprtext}")
        elif verdict is not None and (before is None or before.status is Status.PASSED):
            printed = self._session.take_output() if self._session else ""
            self.verdicts[test.id] = replace(
                verdict,
                stdout=printed,
                duration=report.duration,
                unloaded=self._session is not None and self._session.broken is not None,
            )
        return self.verdicts.get(test.id)

    def _steps(self) -> list[Step]:
        """What the test's last example did."""
        return self._session.steps if self._session else []

    def _snippet(self, test: GradedTest, error: BaseException | None) -> str:
        """For a visible test, the failed example as lines that a student can paste."""
        hidden = test.visibility is Visibility.HIDDEN
        if self._session is None or hidden or not isinstance(error, ANSWER_ERRORS):
            return ""
        session = self._session
        lines = counterexample.snippet(session.stem, session.source, session.steps, error)
        return f"\n\n{SNIPPET_HEADING}\n{lines}" if lines else ""

    def _ending(self) -> BaseException | None:
        """What became of a test whose own code has ended, where that is no good end."""
        try:
            if self._session is not None:
                self._session.finish()
        except outcomes.Outcome as outcome:
            return outcome
        return None

    def _attributed(self, error: BaseException | None) -> BaseException | None:
        """A test's own code that stumbles over an answer (of an odd shape, say): a wrong answer.

        Where no answer had come yet it stays what it is: a fault of ours. That the tests don't
        stumble over right answers is what `verify` proves.
        """
        answered = self._session is not None and self._session.answered
        if not answered or not isinstance(error, Exception) or isinstance(error, outcomes.Outcome):
            return error
        kind = "the answer has a form that can't be worked with"
        return outcomes.WrongError(kind, f"{kind}: {type(error).__name__}: {error}")


def _verdict(error: BaseException | None, steps: list[Step], snippet: str) -> Verdict | None:
    """The verdict of a phase that ended so; None for anything that is no outcome: our fault."""
    if error is None:
        return Verdict(Status.PASSED)
    if isinstance(error, outcomes.Outcome):
        by_hand = isinstance(error, outcomes.NotByHand)
        words = _asking(error, steps).replace(SNIPPET_HEADING, "(…)")  # below it are our lines
        return Verdict(error.status, error.kind, words + snippet, not_by_hand=by_hand)
    return None


def _asking(error: outcomes.Outcome, steps: list[Step]) -> str:
    """What was seen, and where the last call gave nothing at all, whether a return is missing.

    A check can't ask that: it doesn't know whether the None is all that came back, or one item.
    """
    nothing = bool(steps) and steps[-1].what == "call" and steps[-1].result is None
    if not nothing or not isinstance(error, outcomes.WrongError):
        return error.detail
    return error.detail.replace("returned None,", "returned None (is a return missing?),", 1)
