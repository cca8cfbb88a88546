"""What the grader is told of an exception: its class, its message, and the student's own lines.

The exception may be of the student's own class: whatever that does must not keep the reply back.
"""

from __future__ import annotations

import builtins
import traceback
from typing import Any

from grading import wire
from grading.words import name_of, told

MAX_TEXT = 2000
"""Characters kept of an exception's message."""

MAX_PLACES = 8
"""Lines kept of the way to an exception, the innermost ones."""


def raised(number: int, error: BaseException, own_file: str) -> wire.Raised:
    """The reply to a request that ended in an exception; `own_file` is the student's."""
    classes = type(error).__mro__
    names = [name_of(kind) for kind in classes]
    return wire.Raised(
        number=number,
        error=names[0],
        message=_text(error),
        places=_places(error, own_file),
        bases=tuple(
            name
            for name, kind in zip(names, classes, strict=True)
            if vars(builtins).get(name) is kind
        )[: wire.MAX_LIST],
    )


def _text(error: Any) -> str:
    """The exception's message, whatever its own `__str__` does."""
    try:
        text = builtins.str(error.msg if issubclass(type(error), SyntaxError) else error)
        return told(text, MAX_TEXT) + (" …" if len(text) > MAX_TEXT else "")
    except BaseException as worse:
        return f"(its message can't be read: __str__ raised {name_of(type(worse))})"


def _places(error: Any, own_file: str) -> tuple[wire.Place, ...]:
    """The lines of the student's file on the way to the exception."""
    if issubclass(type(error), SyntaxError) and _same(error.filename, own_file):
        return (wire.Place(error.lineno if type(error.lineno) is int else 0, ""),)
    found = [
        wire.Place(line or 0, told(frame.f_code.co_name, 80))
        for frame, line in traceback.walk_tb(error.__traceback__)
        if _same(frame.f_code.co_filename, own_file)
    ]
    return tuple(found[-MAX_PLACES:])


def _same(filename: object, own_file: str) -> bool:
    """Is it this file? What is no plain text is not asked: it may answer yes to everything."""
    return type(filename) is str and filename == own_file
