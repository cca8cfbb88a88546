"""The ways in which a student's answer can end a test, each with a status and words for it.

A wrong answer is a `WrongError`, raised by the checks. What ends a test at once (a stub, a lost
worker) derives from BaseException, so that hypothesis neither catches nor repeats it.
"""

from __future__ import annotations

import builtins
import re
from typing import Any, Self

from grading import wire
from grading.results import Status
from grading.session.advice import advice

_MISFIT = "\n(it is called with the stub's arguments: take as many, and by the same names)"
_CALL = re.compile(r"unexpected keyword argument|required .*argument|takes .* positional argument")
"""What Python says where a function can't be called as it was."""

MAX_LINES = 6
"""Of an exception's message: torch lists all that a function could have been called with."""


class Outcome(BaseException):
    """The base of them all: `kind` carries no numbers, `detail` may show all that was seen."""

    status = Status.FAILED
    kind: str
    detail: str

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(detail or kind)
        self.kind = kind
        self.detail = detail or kind


class WrongError(Outcome, AssertionError):
    """The answer came, and is wrong. `compared` are the answer and what was expected, if given."""

    compared: tuple[Any, Any] | None = None


class StudentError(Outcome, Exception):
    """The student's code raised."""

    status = Status.ERROR

    def __init__(self, raised: wire.Raised, filename: str, source: str) -> None:
        self.raised = raised
        own = line(raised, source)
        shown = f"{said(raised)}{where(raised, filename)}{own}{advice(raised, own, source)}"
        at = f" ({filename}:{raised.places[-1].line})" if own else ""
        at = at or (_MISFIT if _misfits(raised) else "")
        super().__init__(f"{usual_name(raised)} raised{at}", shown)


class EndsTest(Outcome):
    """Ends the test at once."""

    def again(self) -> Self:
        """The same outcome, to be raised anew."""
        return type(self)(self.kind, self.detail)


class NotStarted(EndsTest):
    """The stub's NotImplementedError is still there."""

    status = Status.NOT_STARTED


class Missing(EndsTest):
    """The file, or the function or class in it, isn't there."""

    status = Status.MISSING


class BrokenFile(EndsTest):
    """The file can't be loaded: a syntax error, or an exception at import."""

    status = Status.ERROR


class NotByHand(EndsTest):
    """A part that is to be done by hand used the tool that does the job."""


class Timeout(EndsTest):
    """The call didn't end in time."""

    status = Status.TIMEOUT


class Crashed(EndsTest):
    """The worker died under the student's code."""

    status = Status.CRASHED


class Violation(EndsTest):
    """The worker sent what no honest worker sends."""

    status = Status.VIOLATION


def usual_name(raised: wire.Raised) -> str:
    """The exception's class or the nearest one above it that is Python's own.

    A name that the student's code could choose might carry a hidden test's numbers.
    """
    for name in (raised.error, *raised.bases):
        found = getattr(builtins, name, None)
        if isinstance(found, type) and issubclass(found, BaseException):
            return name
    return "an exception"


def said(raised: wire.Raised) -> str:
    """The exception and its message, up to MAX_LINES of it."""
    lines = raised.message.split("\n")
    message = "\n".join([*lines[:MAX_LINES], *(["…"] if len(lines) > MAX_LINES else [])])
    return f"{raised.error}: {message}" if message else raised.error


def line(raised: wire.Raised, source: str) -> str:
    """The line of the student's file that raised, indented on a line of its own."""
    lines = source.split("\n")  # as Python counts: a form feed begins no line
    number = raised.places[-1].line if raised.places else 0
    return f"\n    {lines[number - 1].strip()[:160]}" if 0 < number <= len(lines) else ""


def is_raised_there(raised: wire.Raised, source: str) -> bool:
    """Does the student's own line raise it, and not something that is called there?"""
    return re.search(r"\braise\b", line(raised, source)) is not None


def _misfits(raised: wire.Raised) -> bool:
    """Did the call itself fail, since the function takes other arguments?"""
    called = _CALL.search(raised.message) is not None
    return called and not raised.places and raised.error == "TypeError"


def where(raised: wire.Raised, filename: str) -> str:
    """The innermost place in the student's own file, as ` (file:line, in function)`, if any is."""
    if _misfits(raised):
        return _MISFIT
    if not raised.places and 'missing the required "forward"' in raised.message:
        return "\n(is there a method called forward, and is it indented into its class?)"
    if not raised.places:
        return "\n(raised outside your file: by torch, or by something your code left behind)"
    place = raised.places[-1]
    return f" ({filename}:{place.line}{_inside(place)}{called_from(raised)})"


def called_from(raised: wire.Raised) -> str:
    """From where the innermost function was called by another one of the student's own, if so."""
    if not raised.places:
        return ""
    own = raised.places[-1].function
    caller = next((place for place in reversed(raised.places) if place.function != own), None)
    return f"; called from line {caller.line}{_inside(caller)}" if caller else ""


def _inside(place: wire.Place) -> str:
    return f", in {place.function}" if place.function not in ("", "<module>") else ""
