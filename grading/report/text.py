"""Makes a stranger's text safe to show: control codes become visible, length is capped."""

from __future__ import annotations

import unicodedata

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
    return shown + (f" … ({len(text) - limit} characters more)" if len(text) > limit else "")


def _is_plain(character: str) -> bool:
    return unicodedata.category(character) not in _HIDDEN_CATEGORIES


def _spelled(character: str) -> str:
    return f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{{{ord(character):x}}}"


def folded(code: str, width: int) -> str:
    """Lines of Python, each longer one broken behind commas in its brackets: it means the same."""
    return "\n".join(piece for line in code.splitlines() for piece in _pieces(line, width))


def _pieces(line: str, width: int) -> list[str]:
    places = [place + 1 for place in _commas(line) if place < width]
    if len(line) <= width or not places:
        return [line]
    rest = line[places[-1] :].lstrip()
    return [line[: places[-1]], *_pieces(f"    {rest}", width)]


def _commas(line: str) -> list[int]:
    """Where commas stand that are in no text."""
    quote, found = "", []
    for place, sign in enumerate(line):
        if sign in "\"'" and (not quote or sign == quote):
            quote = "" if quote else sign
        elif sign == "," and not quote and place > 4:
            found.append(place)
    return found
