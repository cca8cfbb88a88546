"""Which known mistake gives exactly these answers?

`learn` asks every misconception of an exercise the probes of its part, and keeps what comes back in
tests/probes/exNN_name.msgpack: names, sentences and numbers, no code. `KnownMistakes` asks a
failing part the same, and names the one whose numbers these are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import msgspec

from grading.catalog import Catalog, Exercise, Part
from grading.handed_in.intake import Submission
from grading.results import Diagnosis, ExerciseResult, PartResult, Status
from grading.session.process import Starter
from grading.session.session import Session
from grading.session.transport import Across, Transport
from grading.testing import answers, probes
from grading.testing.probes import Note, Notes


class Known(msgspec.Struct, frozen=True):
    """A known mistake: its name, its sentence, and which notes it gives."""

    id: str
    say: str
    notes: tuple[int, ...]


class PartNumbers(msgspec.Struct, frozen=True):
    """A part: what right answers give, and what the known mistakes give, the simplest first.

    `silent` names the mistakes that give no answers (an endless loop, say): they are never named.
    """

    right: tuple[int, ...]
    known: tuple[Known, ...]
    silent: tuple[str, ...]


class Numbers(msgspec.Struct, frozen=True):
    """An exercise: the different notes, and the parts, which refer to them by place.

    `made_of` is the digest of the files that they come from.
    """

    notes: tuple[Note, ...]
    parts: dict[str, PartNumbers]
    made_of: str = ""

    def expand(self, places: Iterable[int]) -> Notes:
        """The notes at these places."""
        return tuple(self.notes[place] for place in places)


class KnownMistakes:
    """Names the mistakes of one exercise."""

    def __init__(self, catalog: Catalog, exercise: Exercise) -> None:
        self._numbers = read(catalog.numbers(exercise))
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
            known for known in numbers.known if probes.same(seen, self._numbers.expand(known.notes))
        ]
        if not agreeing:
            return None
        first, *others = agreeing
        return Diagnosis(first.id, first.say, tuple(known.id for known in others))


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


def read(path: Path) -> Numbers:
    """The numbers of an exercise; none where the file isn't there, or holds something else."""
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Numbers)
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        return Numbers((), {})


def learn(
    catalog: Catalog,
    exercise: Exercise,
    starter: Starter,
    told: Callable[[int, int], None] = lambda done, of: None,
) -> bytes:
    """The file of an exercise's numbers; `told` hears of each misconception that was asked."""
    solution = catalog.solution(exercise).read_text(encoding="utf-8")
    asked = probes.read(catalog.probes(exercise))
    places: dict[Note, int] = {}
    connect = partial(Across, starter)

    def ask(source: str, part: Part) -> tuple[int, ...] | None:
        session = new_session(exercise, source, connect)
        try:
            notes = probes.ask(session, part.name, asked.get(part.name, ()))
        finally:
            session.close()
        return None if notes is None else tuple(places.setdefault(n, len(places)) for n in notes)

    wrong = answers.read(catalog.answers(exercise, "misconceptions"))
    parts, done = {}, 0
    for part in exercise.parts:
        known, silent = [], []
        for answer in sorted(wrong, key=lambda answer: len(answer.text)):
            if answer.part == part.name:
                done += 1
                told(done, len(wrong))
                notes = ask(answer.submission(solution), part)
                if notes is None:
                    silent.append(answer.name)
                else:
                    known.append(Known(answer.name, answer.say, notes))
        parts[part.name] = PartNumbers(ask(solution, part) or (), tuple(known), tuple(silent))
    return msgspec.msgpack.encode(Numbers(tuple(places), parts, made_of(catalog, exercise)))


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


def new_session(
    exercise: Exercise, source: str, connect: Callable[[], Transport], time_factor: float = 1.0
) -> Session:
    """A session of its own for probing, with random numbers that depend on nothing else."""
    submission = Submission("", {exercise.stem: source})
    return Session.of(exercise, submission, connect, probes.SEED, time_factor)
