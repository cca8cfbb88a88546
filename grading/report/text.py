"""Makes a stranger's text safe to show: control codes become visible, length is capped."""

from __future__ import annotations

import unicodedata

_KEPT = "\n\t"
_HIDDEN_CATEGORIES = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def visible(text: str, limit: int = 4000) -> str:
    """The text with every control, format and unassigned character spelled out, capped."""
    shown = "".join(
        character if character in _KEPT or _is_plain(character) else _spelled(character)
        for character in text[:limit]
    )
    return shown + (f" … ({len(text) - limit} characters more)" if len(text) > limit else "")


def _is_plain(character: str) -> bool:
    return unicodedata.category(character) not in _HIDDEN_CATEGORIES


def _spelled(character: str) -> str:
    return f"\\x{ord(character):02x}" if ord(character) < 256 else f"\\u{{{ord(character):x}}}"
