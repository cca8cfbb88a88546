"""Words that cross the line: text made readable and short, and things by their kind.

A student's object may lie about itself, or raise when it is asked: nothing of its own is called.
"""

from __future__ import annotations

from typing import Any

import torch

from grading.wire import MAX_TEXT

_NAME_OF_TYPE = type.__dict__["__name__"]


def readable(text: str) -> str:
    """The text, with what no encoding can carry (half a surrogate pair) spelled out."""
    return text.encode("utf-8", "backslashreplace").decode()


def sendable(text: str, most: int = MAX_TEXT) -> str:
    """The text, readable and cut to what a worker may tell."""
    return readable(text[:most])[:most]


def name_of(kind: type) -> str:
    """A class's name, cut, whatever its own class makes of `__name__`."""
    return sendable(_NAME_OF_TYPE.__get__(kind), 80)


def describe(thing: Any) -> str:
    """What kind of thing this is, in words, without calling anything of its own."""
    if thing is None:
        return "None"
    kind = type(thing)
    name = name_of(kind)
    if issubclass(kind, torch.Tensor):
        return f"an object of class {name}, a subclass of Tensor"
    if issubclass(kind, type):
        return "a class"
    if issubclass(kind, tuple):  # torch.max along an axis gives one that is called "max"
        return f"a tuple of class {name}"[:120]
    article = "an" if name[:1].lower() in "aeiou" else "a"
    return f"{article} {name}"
