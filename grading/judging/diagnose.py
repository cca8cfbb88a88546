"""Which known mistake gives exactly these answers?

A part that failed is asked its probes; the mistake is named whose numbers come back.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from grading.catalog import Catalog, Exercise
from grading.handed_in.intake import Submission
from grading.judging import known
from grading.results import Diagnosis, ExerciseResult, PartResult, Status
from grading.session.session import Session
from grading.session.transport import Transport
from grading.testing import probes


class KnownMistakes:
    """Names the mistakes of one exercise."""

    def __init__(self, catalog: Catalog, exercise: Exercise) -> None:
        self._numbers = known.read(catalog.numbers(exercise))
        self._probes = probes.read(catalog.probes(exercise))

    def diagnose(self, part: str, session: Session) -> Diagnosis | None:
        """The known mistake that a part's answers are those of; None for right or unknown ones.

        Where several give the same answers, the simplest is named and the others are listed.
        """
        if part not in self._numbers.parts:
            return None
        seen = probes.ask(session, part, self._probes.get(part, ()))
        numbers = self._numbers.parts[part]
        if seen is None or probes.same(seen, self._numbers.expand(numbers.right)):
            return None
        agreeing = [
            mistake
            for mistake in numbers.known
            if probes.same(seen, self._numbers.expand(mistake.notes))
        ]
        if not agreeing:
            return None
        first, *others = agreeing
        return Diagnosis(first.id, first.say, tuple(other.id for other in others))


def explained(scored: ExerciseResult, catalog: Catalog, session: Session) -> ExerciseResult:
    """With the mistakes named that are known, in parts that were answered and are wrong."""
    wrong = [part.name for part in scored.parts if _can_be_diagnosed(part)]
    if not wrong:
        return scored
    mistakes = KnownMistakes(catalog, catalog.find(scored.id))
    named = {name: mistakes.diagnose(name, session) for name in wrong}
    parts = (msgspec.structs.replace(p, diagnosis=named.get(p.name)) for p in scored.parts)
    return msgspec.structs.replace(scored, parts=tuple(parts))


def _can_be_diagnosed(part: PartResult) -> bool:
    return part.status in (Status.FAILED, Status.ERROR) and not part.mend_first


def new_session(
    exercise: Exercise, source: str, connect: Callable[[], Transport], time_factor: float = 1.0
) -> Session:
    """A session of its own for probing, with random numbers that depend on nothing else."""
    submission = Submission("", {exercise.stem: source})
    return Session.of(exercise, submission, connect, probes.SEED, time_factor)
