"""Replies that are no values: which outcome each of them is, in words for the student."""

from __future__ import annotations

import difflib

from grading import wire
from grading.session import outcomes
from grading.session.advice import advice

MAX_NAMES = 200
"""So many of a file's names are looked through for the one that was meant."""


class Refusal(outcomes.WrongError):
    """An object of the student's can't be used as a test asked, to take weights for example."""


def outcome(reply: wire.Reply, asked: str, part: str, stem: str, source: str) -> outcomes.Outcome:
    """What ends the test, where a function or service was asked and gave no value."""
    filename = f"{stem}.py"
    match reply:
        case wire.Absent():
            return outcomes.Missing(f"{filename} has no {asked}", _absence(reply, asked, filename))
        case wire.Raised() if _is_the_stubs(reply, source):
            stub = f"{part} still raises NotImplementedError"
            return outcomes.NotStarted(stub, stub + outcomes.where(reply, filename))
        case wire.Raised():
            return outcomes.StudentError(reply, filename, source)
        case wire.Refused():
            return Refusal("an object that can't be used as asked", reply.why)
        case _:
            raise TypeError(f"a reply of class {type(reply).__name__} is no outcome")


def broken_file(raised: wire.Raised, stem: str, source: str) -> outcomes.EndsTest:
    """What loading the file raised, with the line itself."""
    place = f"{stem}.py:{raised.places[-1].line}" if raised.places else f"{stem}.py"
    own = outcomes.line(raised, source)
    return outcomes.BrokenFile(
        f"{place} can't be loaded: {outcomes.usual_name(raised)}",
        f"{place} can't be loaded: {outcomes.said(raised)}{outcomes.called_from(raised)}"
        f"{own}{advice(raised, own, source)}",
    )


def _is_the_stubs(raised: wire.Raised, source: str) -> bool:
    """Is it the stub's own NotImplementedError? Torch raises them, too, for what it can't do."""
    return "NotImplementedError" in raised.bases and outcomes.is_raised_there(raised, source)


def _absence(absent: wire.Absent, asked: str, filename: str) -> str:
    """What stands in the place of the function, or has a name like its own."""
    if absent.found:
        return f"{asked} in {filename} is {absent.found}: expected a function or class"
    small = {name.lower(): name for name in absent.names[:MAX_NAMES]}
    close = difflib.get_close_matches(asked.lower(), small, n=1, cutoff=0.7)
    asking = f" There is {small[close[0]]}: did you mean {asked}?" if close else ""
    return f"{filename} has no {asked}.{asking}"
