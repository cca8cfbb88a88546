"""What `verify` grades of an exercise: every named answer of the kit, as a submission would be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from grading import stubs
from grading.catalog import Catalog, Exercise
from grading.handed_in.intake import Submission
from grading.judging.grade import Job
from grading.proof import inventory
from grading.session import definitions
from grading.testing import answers
from grading.testing.answers import Answer


@dataclass(frozen=True)
class Trial:
    """One answer to grade, what kind of answer it is, and where the solution's text ends in it."""

    kind: str
    exercise: Exercise
    answer: Answer | None
    source: str
    end: int = 0

    @property
    def name(self) -> str:
        """How a fault names it."""
        tail = f"/{self.answer.part}/{self.answer.name}" if self.answer else ""
        return f"{self.kind} {self.exercise.stem}{tail}"


def trials_of(catalog: Catalog, exercise: Exercise) -> Iterator[Trial]:
    """All answers; none of an exercise that can't be graded."""
    if not inventory.can_be_graded(catalog, exercise):
        return
    solution = catalog.solution(exercise).read_text(encoding="utf-8")
    end = solution.count("\n") + 1
    yield Trial("solution", exercise, None, solution)
    yield Trial("stub", exercise, None, stubs.stub_of(solution, f"{exercise.stem}.py"))
    for kind in ("misconception", "alternative"):
        for answer in answers.read(catalog.answers(exercise, f"{kind}s")):
            yield Trial(kind, exercise, answer, answer.submission(solution), end)
    for part in exercise.parts:
        for answer in answers.trivial(part.name):
            yield Trial("trivial", exercise, answer, answer.submission(solution), end)


def job_of(trial: Trial) -> Job:
    """The order to grade it, in those parts to which it can make a difference."""
    sources = {trial.exercise.stem: trial.source}
    return Job(Submission(trial.name, sources), (_touched(trial),))


def _touched(trial: Trial) -> Exercise:
    """The exercise with those parts to which the answer can make a difference.

    A part that comes to nothing behind the solution's text is the solution's own, and so are its
    grades. The solution and its stub are graded whole: a part that they lack must show.
    """
    source, end = trial.source, trial.end
    if trial.kind in ("solution", "stub"):
        return trial.exercise
    parts = (p for p in trial.exercise.parts if definitions.reaches_beyond(source, p.name, end))
    return replace(trial.exercise, parts=tuple(parts))
