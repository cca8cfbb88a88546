"""What the grader is told of an exception: its class, its message, and the student's own lines.

The exception may be of the student's own class: whatever that does must not keep the reply back.
What torch says may name a file of the kit that called it: where the kit lies is nobody's business.
"""

from __future__ import annotations

import builtins
import difflib
import os
import traceback
from typing import Any

from grading import wire
from grading.line.words import name_of, sendable

KEPT_TEXT = 2000
"""Characters kept of an exception's message."""

MAX_PLACES = 8
"""Lines kept of the way to an exception, the innermost ones."""

KEPT_NAMES, KEPT_NAME = 750, 80
"""Names that are looked through for the one that was meant, and the characters of one."""

_MRO = vars(type)["__mro__"].__get__
_TRACEBACK = vars(BaseException)["__traceback__"].__get__
_FILENAME, _LINENO = vars(SyntaxError)["filename"].__get__, vars(SyntaxError)["lineno"].__get__
"""What Python itself keeps of an exception, past what its own class says of it."""

_KIT = os.path.join(os.path.dirname(os.path.abspath(__file__)).removesuffix("grading/worker"), "")


def raised(number: int, error: BaseException, own_file: str, lines: int) -> wire.Raised:
    """The reply to a request that ended in an exception; `own_file`, so many lines, is theirs."""
    classes = _MRO(type(error))
    names = [name_of(kind) for kind in classes]
    return wire.Raised(
        number=number,
        error=names[0],
        message=_text(error, own_file),
        places=_places(error, own_file, lines),
        bases=tuple(
            name
            for name, kind in zip(names, classes, strict=True)
            if vars(builtins).get(name) is kind
        )[: wire.MAX_LIST],
    )


def _text(error: Any, own_file: str) -> str:
    """The exception's message, whatever its own `__str__` does."""
    try:
        text = builtins.str(error.msg if issubclass(type(error), SyntaxError) else error)
        text = text.replace(_KIT, "") + _meant(error, own_file)
        return sendable(text, KEPT_TEXT) + (" …" if len(text) > KEPT_TEXT else "")
    except BaseException as worse:
        return f"(its message can't be read: __str__ raised {name_of(type(worse))})"


def _meant(error: Any, own_file: str) -> str:
    """What Python's own traceback adds to a name that isn't there, from the names that are.

    Only from 3.12 does the traceback module do so, too; nothing of the student's is called here.
    """
    if type(error) is not NameError or type(error.name) is not str or len(error.name) > KEPT_NAME:
        return ""
    frames = [frame for frame, _ in traceback.walk_tb(_TRACEBACK(error))]
    if not frames or not _same(frames[-1].f_code.co_filename, own_file):
        return ""
    frame = frames[-1]
    known = [*frame.f_locals, *frame.f_globals, *frame.f_builtins]
    names = {name for name in known[:KEPT_NAMES] if type(name) is str and len(name) <= KEPT_NAME}
    close = difflib.get_close_matches(error.name, sorted(names), n=1, cutoff=0.7)
    return f". Did you mean: {close[0]!r}?" if close else ""


def _places(error: Any, own_file: str, lines: int) -> tuple[wire.Place, ...]:
    """The lines of the student's file on the way to the exception; 0 for one it hasn't."""
    if issubclass(type(error), SyntaxError) and _same(_FILENAME(error), own_file):
        return (wire.Place(_line(_LINENO(error), lines), ""),)
    found = [
        wire.Place(_line(line, lines), sendable(frame.f_code.co_name, 80))
        for frame, line in traceback.walk_tb(_TRACEBACK(error))
        if _same(frame.f_code.co_filename, own_file)
    ]
    return tuple(found[-MAX_PLACES:])


def _line(number: object, lines: int) -> int:
    """The number of a line, or 0: whoever makes an exception may write anything there."""
    return number if type(number) is int and 0 < number <= lines else 0


def _same(filename: object, own_file: str) -> bool:
    """Is it this file? What is no plain text is not asked: it may answer yes to everything."""
    return type(filename) is str and filename == own_file
