"""A count and what is counted, in good English."""

from __future__ import annotations


def counted(count: float, thing: str) -> str:
    """The count with its word, which takes an s unless it is one: `1 point`, `2.5 points`."""
    return f"{count:.12g} {thing}{'' if count == 1 else 's'}"
