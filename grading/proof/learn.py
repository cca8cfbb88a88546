"""Learns what right answers and known mistakes give the probes, and whether that tells them apart.

Every misconception of an exercise is asked the probes of its part, in a worker like a student's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from functools import partial

import msgspec

from grading.catalog import Catalog, Exercise, Part
from grading.judging.diagnose import new_session
from grading.judging.known import Known, Numbers, PartNumbers, read
from grading.session.process import Starter
from grading.session.transport import Across
from grading.testing import answers, probes
from grading.testing.probes import Note, Notes


def learn(
    catalog: Catalog,
    exercise: Exercise,
    starter: Starter,
    heard: Callable[[int, int], None] = lambda done, of: None,
) -> bytes:
    """The file of an exercise's numbers; `heard` gets how many mistakes of how many were asked."""
    learner = _Learner(catalog, exercise, starter, heard)
    parts = {part.name: learner.numbers_of(part) for part in exercise.parts}
    return msgspec.msgpack.encode(Numbers(tuple(learner.places), parts, made_of(catalog, exercise)))


class _Learner:
    """Asks the answers to an exercise the probes of their parts, and keeps each note once."""

    def __init__(
        self,
        catalog: Catalog,
        exercise: Exercise,
        starter: Starter,
        heard: Callable[[int, int], None],
    ) -> None:
        self.places: dict[Note, int] = {}
        self._exercise, self._starter, self._heard = exercise, starter, heard
        self._solution = catalog.solution(exercise).read_text(encoding="utf-8")
        self._probes = probes.read(catalog.probes(exercise))
        self._wrong = answers.read(catalog.answers(exercise, "misconceptions"))
        self._done = 0

    def numbers_of(self, part: Part) -> PartNumbers:
        """What the solution gives of a part, and its misconceptions, the shortest first."""
        known, silent = [], []
        for answer in sorted(self._wrong, key=lambda answer: len(answer.text)):
            if answer.part == part.name:
                notes = self._ask(answer.submission(self._solution), part)
                if notes is None:
                    silent.append(answer.name)
                else:
                    known.append(Known(answer.name, answer.say, notes))
                self._done += 1
                self._heard(self._done, len(self._wrong))
        right = self._ask(self._solution, part) or ()
        return PartNumbers(right, tuple(known), tuple(silent))

    def _ask(self, source: str, part: Part) -> tuple[int, ...] | None:
        """The places of the notes that a file gives; None where it gives no answers."""
        session = new_session(self._exercise, source, partial(Across, self._starter))
        try:
            notes = probes.ask(session, part.name, self._probes.get(part.name, ()))
        finally:
            session.close()
        if notes is None:
            return None
        return tuple(self.places.setdefault(note, len(self.places)) for note in notes)


def is_current(catalog: Catalog, exercise: Exercise) -> bool:
    """Were an exercise's numbers made of its parts, probes and answers as they are now?"""
    numbers = read(catalog.numbers(exercise))
    whole = set(numbers.parts) == set(exercise.by_name)
    return whole and numbers.made_of == made_of(catalog, exercise)


def made_of(catalog: Catalog, exercise: Exercise) -> str:
    """A digest of what an exercise's numbers come from: probes, solution and misconceptions."""
    digest = hashlib.blake2b(digest_size=8)
    wrong = catalog.answers(exercise, "misconceptions")
    for path in (catalog.probes(exercise), catalog.solution(exercise), wrong):
        digest.update(hashlib.blake2b(path.read_bytes() if path.exists() else b"").digest())
    return digest.hexdigest()


def faults(catalog: Catalog, exercise: Exercise) -> Iterator[str]:
    """What keeps mistakes from being told apart by an exercise's numbers, which are current."""
    numbers = read(catalog.numbers(exercise))
    wrong = answers.read(catalog.answers(exercise, "misconceptions"))
    for part in exercise.parts:
        own = [answer for answer in wrong if answer.part == part.name]
        for name in unseen(numbers, part.name):
            yield f"{name} of {part.name} gives the probes a right answer's numbers"
        declared = {frozenset((answer.name, answer.like)) for answer in own if answer.like}
        for first, *others in alike(numbers, part.name):
            for other in others:
                if frozenset((first, other)) not in declared:
                    yield f"{other} of {part.name} has the numbers of {first}, and isn't `like` it"


def alike(numbers: Numbers, part: str) -> list[list[str]]:
    """Groups of a part's mistakes that give the same answers, and so can't be told apart."""
    groups: list[tuple[Notes, list[str]]] = []
    for known in numbers.parts[part].known:
        notes = numbers.expand(known.notes)
        for other, names in groups:
            if probes.same(notes, other):
                names.append(known.id)
                break
        else:
            groups.append((notes, [known.id]))
    return [names for _, names in groups if len(names) > 1]


def unseen(numbers: Numbers, part: str) -> list[str]:
    """A part's mistakes that the probes can't tell from a right answer."""
    right = numbers.expand(numbers.parts[part].right)
    known = numbers.parts[part].known
    return [k.id for k in known if probes.same(numbers.expand(k.notes), right)]
