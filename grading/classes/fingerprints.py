"""Source text → tokens → fingerprints, which comments, spaces and changed names don't alter.

The text is cut by one pattern, so that any text can be read; nothing is parsed, compiled or run.
What begins a text always matches, closed or not: so no part of a source is looked through twice.
Every run of `GRAM` tokens is hashed, and winnowing keeps a few of the hashes (S. Schleimer,
D. Wilkerson, A. Aiken, Winnowing: local algorithms for document fingerprinting, SIGMOD 2003).
"""

from __future__ import annotations

import builtins
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from keyword import kwlist

import numpy as np
from numpy.typing import NDArray

GRAM, WINDOW = 12, 4
"""Hashes in a run, and neighbouring runs of which one is kept: 15 tokens alike are always seen."""

LEAST_WORDS, LEAST_NAME = 12, 3
"""Characters of a comment or text, and of a name, that say something."""

MAX_DATA, MAX_TOKENS, MAX_DISTINCT = 40, 70_000, 2_000
"""Tokens that are kept of a table of literals, and of a source: a page of code has some 500.

Of its distinct names, and of what is said in it, so many.
"""

SILENT, TEXT, NAME = 0, 1, 2
"""Hashes of comments and line ends, which don't count, of all texts, and of all names."""

Hashes = NDArray[np.uint64]

_TOKEN = re.compile(
    r"""
      \#[^\n]*
    | \"\"\"[^"\\]*(?:(?:\\(?s:.)|\"(?!\"\"))[^"\\]*)*(?:\"\"\"|\\?\Z)
    | '''[^'\\]*(?:(?:\\(?s:.)|'(?!''))[^'\\]*)*(?:'''|\\?\Z)
    | \"[^"\\\n]*(?:\\(?s:.)[^"\\\n]*)*\"?
    | '[^'\\\n]*(?:\\(?s:.)[^'\\\n]*)*'?
    | \.?[^\W\d]\w*
    | \d[\w.]*
    | \n
    | [^\s\w]
    """,
    re.VERBOSE,
)
"""Comments, texts, names (with the dot that makes one an attribute), numbers, line ends, signs."""

_DATA = frozenset(",.:+-()[]{}")
"""What stands between the literals of a table."""

_NUMBERS = re.compile(r"(?:\d[\w.]*|[,.:+\-()\[\]{}\s])*+")
"""The rest of a table, as far as nothing but numbers stands there."""

_KEPT = frozenset(kwlist) | frozenset(dir(builtins))
_BASE = np.uint64(0x9E3779B97F4A7C15)
_POWERS = [np.uint64(pow(int(_BASE), i, 1 << 64)) for i in range(GRAM)]


@dataclass
class Read:
    """A source as tokens: their hashes (N,), their lines (N,), and what is said word for word."""

    tokens: Hashes
    lines: NDArray[np.int32]
    words: frozenset[str]
    names: frozenset[str]

    def grams(self) -> Hashes:
        """The hash of every run of GRAM tokens, (N - GRAM + 1,)."""
        count = max(len(self.tokens) - GRAM + 1, 0)
        sums = np.zeros(count, np.uint64)
        for i, power in enumerate(_POWERS):
            sums += self.tokens[i : i + count] * power
        return (sums ^ (sums >> np.uint64(29))) * _BASE


def read(text: str) -> Read:
    """Cut a text into tokens; one that is too long is read up to a cap."""
    places = list(islice(_tokens(text), MAX_TOKENS))
    found = [token for token, _ in places]
    hashes = np.array([_hash(token) for token in found], np.uint64)
    lines = np.array([line for _, line in places], np.int32)
    counted, distinct = hashes != SILENT, dict.fromkeys(found)
    words = (_plain(token) for token in distinct if token[0] in "#\"'")
    names = (name for name in distinct if name.isidentifier() and name not in _KEPT)
    return Read(
        hashes[counted],
        lines[counted],
        _some(word for word in words if len(word) >= LEAST_WORDS),
        _some(name for name in names if len(name) >= LEAST_NAME),
    )


def _some(words: Iterator[str]) -> frozenset[str]:
    return frozenset(islice(words, MAX_DISTINCT))


def _tokens(text: str) -> Iterator[tuple[str, int]]:
    """A text's tokens and their lines; of a table of literals, its first ones and all comments."""
    line, data, end = 1, 0, 0
    while match := _TOKEN.search(text, end):
        token, end = match.group(), match.end()
        if token[0] not in "#\n":
            data = data + 1 if token in _DATA or token[0] in "\"'" or token[0].isdigit() else 0
        if data <= MAX_DATA or token[0] == "#":
            yield token, line
        elif rest := _NUMBERS.match(text, end):
            token, end = token + rest.group(), rest.end()
        line += token.count("\n")


def _plain(words: str) -> str:
    """A comment or text without its marks and with single spaces."""
    return " ".join(words.strip("#\"' \n").split())


@lru_cache(maxsize=100_000)
def _hash(token: str) -> int:
    """A token as it is compared: names that can be changed at will are all one, so are texts."""
    if token[0] in "#\n":
        return SILENT
    if token[0] in "\"'":
        return TEXT
    if token not in _KEPT and token.isidentifier():
        return NAME
    return zlib.crc32(token.encode("utf-8", "backslashreplace")) + NAME + 1


def winnow(grams: Hashes) -> NDArray[np.int64]:
    """The places of the fingerprints: the least hash of every window, the leftmost of equals."""
    if len(grams) < WINDOW:
        return np.arange(min(len(grams), 1))
    windows = np.lib.stride_tricks.sliding_window_view(grams, WINDOW)
    return np.unique(windows.argmin(axis=1) + np.arange(len(windows)))
