"""Which submissions are alike beyond what the stub, the kit's own answers and the class share?

A list to look at, never a verdict. An index from fingerprint to sources finds who shares what.
Short right answers are alike by themselves, so what two have in common counts only where it is odd:
known neither from the stub nor from the kit's own answers, and rare in this class. Comments, texts
and names that stand word for word in both, and hardly anywhere else, are odd as well. A pair is
worth a look where half of their own tokens are alike and some of them odd, or many of them odd.

The libraries for this compare every file with every other, ask for files on disk, and know no class
against which a likeness is common or odd (copydetect 0.5; compare50 1.2 is a program under the GPL
that brings its own way to the network).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from grading.catalog import Catalog, Exercise
from grading.classes import fingerprints
from grading.classes.fingerprints import GRAM
from grading.classes.rarity import Rarity, worth
from grading.testing import answers

LEAST_SHARE, LEAST_ODD, VERY_ODD = 0.5, 60.0, 120.0
"""The share of tokens alike and how many of them are odd, or how many are enough by themselves."""

MAX_PASSAGES, MAX_WORDS = 3, 5


@dataclass(frozen=True)
class Passage:
    """Lines of one submission, and those of the other that are alike; first and last, from 1."""

    here: tuple[int, int]
    there: tuple[int, int]


@dataclass(frozen=True)
class Alike:
    """Two or more submissions of an exercise that are alike.

    `share` is the part of their own tokens that the oddest two have in common, from 0 to 1, `odd`
    how many tokens of it are rare, and `passages` where these two, the first two names, are longest
    alike; `same_words` are comments, texts and names that stand in both and hardly anywhere else.
    """

    exercise: str
    names: tuple[str, ...]
    share: float
    odd: float
    passages: tuple[Passage, ...]
    same_words: tuple[str, ...]


def find(sources: Iterable[tuple[str, dict[str, str]]], catalog: Catalog) -> list[Alike]:
    """Groups of submissions that are alike, the oddest first. Each source is looked at once."""
    stems = {exercise.stem: exercise for exercise in catalog.exercises}
    classes: dict[str, _Class] = {}
    for name, texts in sources:
        for stem in texts.keys() & stems.keys():
            if stem not in classes:
                classes[stem] = _Class(stems[stem], catalog)
            classes[stem].add(name, texts[stem])
    found = [alike for exercise in classes.values() for alike in exercise.alike()]
    return sorted(found, key=lambda alike: (-alike.odd, alike.exercise, alike.names))


@dataclass
class _Source:
    """A text that one or more submissions hold: its fingerprints by place, and what is its own.

    `own` (N,) marks the tokens that the stub doesn't have.
    """

    names: list[str]
    prints: dict[int, int]
    own: NDArray[np.bool_]
    lines: NDArray[np.int32]
    words: frozenset[str]


class _Class:
    """All sources of one exercise; commonness is counted over different texts, not over copies."""

    def __init__(self, exercise: Exercise, catalog: Catalog) -> None:
        stub = fingerprints.read(catalog.stub(exercise).read_text(encoding="utf-8"))
        known = [stub, *map(fingerprints.read, _kit_answers(exercise, catalog))]
        self._stem = exercise.stem
        self._stub = stub.grams()
        self._known = frozenset(mark for one in known for mark in one.grams().tolist())
        self._known_words = frozenset(word for one in known for word in one.words | one.names)
        self._sources: dict[object, _Source] = {}

    def add(self, name: str, text: str) -> None:
        """One more submission's source; one that adds nothing to the stub is left out."""
        read = fingerprints.read(text)
        key = read.tokens.tobytes(), read.words, read.names
        if key in self._sources:
            self._sources[key].names.append(name)
            return
        grams = read.grams()
        in_stub = np.isin(grams, self._stub)
        places = [place for place in fingerprints.winnow(grams).tolist() if not in_stub[place]]
        if places:
            self._sources[key] = _Source(
                [name],
                {int(grams[place]): place for place in reversed(places)},
                ~_covered(np.flatnonzero(in_stub), len(read.tokens)),
                read.lines,
                (read.words | read.names) - self._known_words,
            )

    def alike(self) -> list[Alike]:
        """The groups that are alike: pairs, joined where they share a submission."""
        sources = list(self._sources.values())
        rarity = Rarity((s.prints.keys() - self._known, s.words) for s in sources)
        copies = [(i, i) for i, source in enumerate(sources) if len(source.names) > 1]
        pairs = {}
        for i, j in [*copies, *rarity.pairs(LEAST_ODD)]:
            alike = _compare(self._stem, sources[i], sources[j], rarity)
            if _is_worth_a_look(alike):
                pairs[i, j] = alike
        return [_together(group, pairs, sources) for group in _groups(pairs)]


def _is_worth_a_look(alike: Alike) -> bool:
    enough = LEAST_ODD if alike.share >= LEAST_SHARE else VERY_ODD
    return alike.odd >= enough


def _kit_answers(exercise: Exercise, catalog: Catalog) -> Iterator[str]:
    """What the kit itself answers, rightly and wrongly: nobody's discovery."""
    if catalog.solution(exercise).exists():
        yield catalog.solution(exercise).read_text(encoding="utf-8")
    for kind in ("alternatives", "misconceptions"):
        for answer in answers.read(catalog.answers(exercise, kind)):
            yield f"{answer.support}\n{answer.text}"


def _compare(stem: str, here: _Source, there: _Source, rarity: Rarity) -> Alike:
    shared = sorted(here.prints.keys() & there.prints.keys(), key=here.prints.__getitem__)
    places = [(here.prints[mark], there.prints[mark]) for mark in shared]
    words = {word: rarity.of_word(word) for word in here.words & there.words}
    rare = {here.prints[mark]: rarity.of_print(mark) for mark in shared}
    alike = _own(here, [a for a, _ in places]) + _own(there, [b for _, b in places])
    return Alike(
        stem,
        tuple(dict.fromkeys([*here.names[:1], *there.names, *here.names])),
        alike / max(int(here.own.sum() + there.own.sum()), 1),
        _odd_tokens(rare, here.own) + sum(worth(word) * words[word] for word in words),
        _passages(places, here, there),
        tuple(sorted((w for w in words if words[w]), key=lambda w: (-len(w), w))[:MAX_WORDS]),
    )


def _covered(places: NDArray[np.intp], length: int) -> NDArray[np.bool_]:
    """Which of `length` tokens stand in a run that begins at one of the places, (N,)."""
    covered = np.zeros(length, bool)
    for offset in range(GRAM):
        covered[places + offset] = True
    return covered


def _own(source: _Source, places: list[int]) -> int:
    """How many of its own tokens the runs at these places cover."""
    covered = _covered(np.array(places, np.intp), len(source.own))
    return int((covered & source.own).sum())


def _odd_tokens(rare: dict[int, float], own: NDArray[np.bool_]) -> float:
    """The own tokens that rare runs cover, each weighed by the rarest of them."""
    weights = np.zeros(len(own))
    for place, weight in rare.items():
        run = weights[place : place + GRAM]
        np.maximum(run, weight, out=run)
    return float((weights * own).sum())


def _passages(places: list[tuple[int, int]], here: _Source, there: _Source) -> tuple[Passage, ...]:
    """The longest stretches in which the shared runs follow each other in both."""
    stretches: list[list[tuple[int, int]]] = []
    for a, b in places:
        last = stretches[-1][-1] if stretches else (-2 * GRAM, -2 * GRAM)
        if a - last[0] <= GRAM and 0 < b - last[1] <= GRAM:
            stretches[-1].append((a, b))
        else:
            stretches.append([(a, b)])
    longest = sorted(stretches, key=lambda s: s[0][0] - s[-1][0])[:MAX_PASSAGES]
    return tuple(
        Passage(_span(here, s[0][0], s[-1][0]), _span(there, s[0][1], s[-1][1])) for s in longest
    )


def _span(source: _Source, first: int, last: int) -> tuple[int, int]:
    """The lines of its own tokens in the runs from one place to another; of all where none is."""
    own = np.flatnonzero(source.own[first : last + GRAM]) + first
    places = own if len(own) else np.array([first, last + GRAM - 1])
    return int(source.lines[places[0]]), int(source.lines[places[-1]])


def _groups(pairs: Iterable[tuple[int, int]]) -> list[set[int]]:
    """Sources that are joined by pairs, over any number of steps."""
    group_of: dict[int, set[int]] = {}
    for pair in pairs:
        joined = set(pair).union(*(group_of.get(place, set()) for place in pair))
        group_of.update(dict.fromkeys(joined, joined))
    return list({id(group): group for group in group_of.values()}.values())


def _together(
    group: set[int], pairs: dict[tuple[int, int], Alike], sources: list[_Source]
) -> Alike:
    """A group as its oddest pair, with the names of all after those two."""
    oddest = max((pairs[pair] for pair in pairs if pair[0] in group), key=lambda pair: pair.odd)
    others = sorted({name for place in group for name in sources[place].names})
    return replace(oddest, names=tuple(dict.fromkeys([*oddest.names[:2], *others])))
