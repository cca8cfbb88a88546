"""Source text → tokens → fingerprints, which comments, spaces and changed names don't alter.

The text is cut by one pattern, so that any text can be read; nothing is parsed, compiled or run.
Every run of `GRAM` tokens is hashed, and winnowing keeps a few of the hashes (S. Schleimer,
D. Wilkerson, A. Aiken, Winnowing: local algorithms for document fingerprinting, SIGMOD 2003).
"""

from __future__ import annotations

import builtins
import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from keyword import kwlist

import numpy as np
from numpy.typing import NDArray

GRAM, WINDOW = 12, 4
"""Hashes in a run, and neighbouring runs of which one is kept: 15 tokens alike are always seen."""

LEAST_WORDS, LEAST_NAME, MAX_TOKENS = 12, 3, 20_000
"""Characters of a comment or text, and of a name, that say something; tokens that are read."""

Hashes = NDArray[np.uint64]

_TOKEN = re.compile(
    r"""
      (?P<comment>\#[^\n]*)
    | (?P<text>(?s:\"\"\"(?:[^\\]|\\.)*?(?:\"\"\"|\Z)|'''(?:[^\\]|\\.)*?(?:'''|\Z))
              |\"(?:[^"\\\n]|\\.)*\"?|'(?:[^'\\\n]|\\.)*'?)
    | (?P<attribute>(?<=\.)[^\W\d]\w*)
    | (?P<name>[^\W\d]\w*)
    | (?P<number>\d[\w.]*)
    | (?P<line>\n)
    | (?P<sign>[^\s\w])
    """,
    re.VERBOSE,
)
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
    tokens, lines, line = [], [], 1
    words, names = set(), set()
    for match in _TOKEN.finditer(f"{text}\n"):
        kind, found = match.lastgroup, match.group()
        if kind == "comment":
            words.add(_plain(found))
        elif kind == "line":
            line += 1
        else:
            if kind == "text":
                words.add(_plain(found))
                line += found.count("\n")
            elif kind == "name" and found not in _KEPT:
                names.add(found)
            tokens.append(_hash(_normal(kind or "", found)))
            lines.append(line)
            if len(tokens) == MAX_TOKENS:
                break
    return Read(
        np.array(tokens, np.uint64),
        np.array(lines, np.int32),
        frozenset(word for word in words if len(word) >= LEAST_WORDS),
        frozenset(name for name in names if len(name) >= LEAST_NAME),
    )


def _plain(words: str) -> str:
    """A comment or text without its marks and with single spaces."""
    return " ".join(words.strip("#\"' \n").split())


def _normal(kind: str, found: str) -> str:
    """A token as it is compared: names that can be changed at will are all one, so are texts."""
    if kind == "text":
        return "'"
    return "n" if kind == "name" and found not in _KEPT else found


@lru_cache(maxsize=100_000)
def _hash(token: str) -> int:
    return zlib.crc32(token.encode("utf-8", "backslashreplace")) + 1


def winnow(grams: Hashes) -> NDArray[np.int64]:
    """The places of the fingerprints: the least hash of every window, the leftmost of equals."""
    if len(grams) < WINDOW:
        return np.arange(min(len(grams), 1))
    windows = np.lib.stride_tricks.sliding_window_view(grams, WINDOW)
    return np.unique(windows.argmin(axis=1) + np.arange(len(windows)))
