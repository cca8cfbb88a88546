"""Texts as tokens, so that spaces, line ends, comments and trailing commas make no difference."""

from __future__ import annotations

import builtins
import io
import keyword
import re
import textwrap
import tokenize
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

_TOKEN = re.compile(r"\w+|[^\w\s]")
_SHARED = {*keyword.kwlist, *dir(builtins), "torch", "nn", "np", "numpy", "F", "self"}


@dataclass(frozen=True)
class Line:
    """A logical line of Python, without comments: its tokens with a space between them."""

    number: int
    tokens: str


class Text:
    """A text as tokens, which knows the line of each."""

    def __init__(self, text: str, numbers: Iterable[int] = ()) -> None:
        lines = text.splitlines()
        numbered = zip(lines, numbers or range(1, len(lines) + 1), strict=True)
        tokens = _plain([(token, n) for line, n in numbered for token in _TOKEN.findall(line)])
        self._numbers = [number for _, number in tokens]
        self._text = f" {' '.join(token for token, _ in tokens)} "

    def find(self, tokens: str) -> int:
        """The line on which these tokens begin; 0 where they don't stand in the text."""
        at = self._text.find(f" {tokens} ")
        return self._numbers[self._text.count(" ", 0, at)] if at >= 0 else 0

    def runs(self, count: int) -> Iterator[tuple[str, ...]]:
        """Each so many tokens in a row."""
        tokens = self._text.split()
        return zip(*(tokens[start:] for start in range(count)), strict=False)


@cache  # a file of tests goes out, and is a place where bodies may be told
def logical_lines(source: str) -> tuple[Line, ...]:
    """The lines of Python source that hold more than a comment."""
    found, tokens = list[Line](), list[tuple[str, int]]()
    for token in tokenize.generate_tokens(io.StringIO(textwrap.dedent(source)).readline):
        if token.type in (tokenize.NEWLINE, tokenize.ENDMARKER):
            if tokens:
                found.append(Line(tokens[0][1], " ".join(word for word, _ in _plain(tokens))))
            tokens = []
        elif token.type not in (tokenize.COMMENT, tokenize.NL, tokenize.INDENT, tokenize.DEDENT):
            tokens += [(word, token.start[0]) for word in _TOKEN.findall(token.string)]
    return tuple(found)


def _plain(tokens: list[tuple[str, int]]) -> list[tuple[str, int]]:
    """Tokens, each with its line, without the commas that a formatter adds."""
    following = [token for token, _ in tokens[1:]] + [""]
    pairs = zip(tokens, following, strict=True)
    return [token for token, after in pairs if not (token[0] == "," and after in ("", *")]}"))]


def right_side(tokens: str) -> str:
    """What a line returns or assigns; nothing for any other line."""
    depth, words = 0, tokens.split(" ")
    if words[0] == "return":
        return " ".join(words[1:])
    for place, word in enumerate(words):
        depth += (word in "([{") - (word in ")]}")
        if word == "=" and depth == 0:
            return " ".join(words[place + 1 :])
    return ""


def length(tokens: str) -> int:
    """How many tokens these are."""
    return tokens.count(" ") + 1


def first_tokens(tokens: str, count: int) -> tuple[str, ...]:
    """The first so many of these."""
    return tuple(tokens.split(" ", count)[:count])


def without_names(tokens: str) -> str:
    """The tokens with numbers in place of the variables' names, in order of appearance."""
    numbers: dict[str, str] = {}
    renamed, before = [], ""
    for token in tokens.split(" "):
        if token.isidentifier() and token not in _SHARED and before != ".":
            renamed.append(numbers.setdefault(token, f"{len(numbers)}"))
        else:
            renamed.append(token)
        before = token
    return " ".join(renamed)
