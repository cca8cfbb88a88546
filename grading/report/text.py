"""Makes a stranger's text safe to show: control codes become visible, length is capped."""

from __future__ import annotations

import tokenize
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from io import StringIO
from textwrap import wrap

from grading.counting import counted

_KEPT = "\n\t"
_HIDDEN_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def visible(text: str, limit: int = 4000) -> str:
    """The text with every control, format and unassigned character spelled out, capped."""
    shown = text[:limit]
    if not shown.replace("\n", "").replace("\t", "").isprintable():  # nearly all texts are
        shown = "".join(
            character if character in _KEPT or _is_plain(character) else _spelled(character)
            for character in shown
        )
    left_out = len(text) - limit
    return shown + (f" … ({counted(left_out, 'character')} more)" if left_out > 0 else "")


def _is_plain(character: str) -> bool:
    return unicodedata.category(character) not in _HIDDEN_CATEGORIES


def _spelled(character: str) -> str:
    return f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{{{ord(character):x}}}"


def folded(code: str, width: int) -> str:
    """Lines of Python, each longer one broken where it means the same.

    Statements are parted behind their semicolons, brackets behind commas, comments between words.
    """
    return "\n".join(piece for line in code.splitlines() for piece in _pieces(line, width))


def _pieces(line: str, width: int) -> list[str]:
    if line.startswith("#"):
        return wrap(line, width, subsequent_indent="# ", break_long_words=False)
    breaks, pieces, start, indent = _breaks(line), [], 0, ""
    while len(indent) + len(line) - start > width:
        ahead = [place for place in breaks if place > start]
        fitting = [place for place in ahead if len(indent) + place - start <= width]
        if not ahead:
            break
        end = fitting[-1] if fitting else ahead[0]
        pieces.append(indent + line[start:end])
        start, indent = end + (line[end : end + 1] == " "), breaks[end]
    return [*pieces, indent + line[start:]]


def _breaks(line: str) -> dict[int, str]:
    """Where a line may be broken, and how far what follows is indented; never in a text."""
    depth, found = 0, {}
    for token in _tokens(line):
        if token.string in ("(", "[", "{"):
            depth += 1
        elif token.string in (")", "]", "}"):
            depth -= 1
        elif token.string == "," and depth:
            found[token.end[1]] = "    "
        elif token.string == ";" and not depth:
            found[token.end[1]] = ""
    return found


def _tokens(line: str) -> Iterator[tokenize.TokenInfo]:
    """The tokens of a line of Python, up to where it is none: a long one may have been cut off."""
    with suppress(tokenize.TokenError, SyntaxError):
        for token in tokenize.generate_tokens(StringIO(line).readline):
            if token.type == tokenize.ERRORTOKEN:
                return
            yield token
