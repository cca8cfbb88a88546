"""How rare fingerprints and words are in a class, and which texts share enough of the rare ones.

An index from each of them to the texts that hold it gives the pairs without comparing every text
with every other.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations
from math import isqrt, log

from grading.classes.fingerprints import GRAM, LEAST_WORDS

COMMENT, NAME = 15.0, 3.0
"""How many odd tokens a comment or text, and a name, stand for that are the same word for word."""


def worth(word: str) -> float:
    """How many odd tokens a word stands for that two texts share."""
    return COMMENT if len(word) >= LEAST_WORDS and not word.isidentifier() else NAME


class Rarity:
    """How rare fingerprints and words are: 1 where at most two texts have one, 0 where many do.

    Many is more than the square root of the class: so many may have found the same by themselves,
    and so few pairs come of what is rare that a class of any size is compared in time.
    """

    def __init__(self, texts: Iterable[tuple[Iterable[int], Iterable[str]]]) -> None:
        """Of each text, its fingerprints but for those that are known, and its words."""
        self._prints: defaultdict[int, list[int]] = defaultdict(list)
        self._words: defaultdict[str, list[int]] = defaultdict(list)
        self._texts = 0
        for prints, words in texts:
            for mark in prints:
                self._prints[mark].append(self._texts)
            for word in words:
                self._words[word].append(self._texts)
            self._texts += 1
        self._most = max(4, isqrt(self._texts))

    def of_print(self, mark: int) -> float:
        """From 0 to 1; 0 for what was known."""
        return self._rarity(len(self._prints.get(mark, ())))

    def of_word(self, word: str) -> float:
        """From 0 to 1."""
        return self._rarity(len(self._words.get(word, ())))

    def _rarity(self, texts: int) -> float:
        if not 0 < texts <= self._most:
            return 0.0
        return min(1.0, log((self._texts + 2) / texts) / log((self._texts + 2) / 2))

    def pairs(self, least: float) -> list[tuple[int, int]]:
        """The pairs of texts, by their places, that could have so many odd tokens in common."""
        most: defaultdict[tuple[int, int], float] = defaultdict(float)
        for places, weight in self._shared():
            for pair in combinations(places, 2):
                most[pair] += weight
        return sorted(pair for pair, weight in most.items() if weight >= least)

    def _shared(self) -> Iterator[tuple[list[int], float]]:
        """Who shares each rare fingerprint or word, and how many odd tokens it can stand for."""
        for places in self._prints.values():
            if 1 < len(places) <= self._most:
                yield places, GRAM * self._rarity(len(places))
        for word, places in self._words.items():
            if 1 < len(places) <= self._most:
                yield places, worth(word) * self._rarity(len(places))
