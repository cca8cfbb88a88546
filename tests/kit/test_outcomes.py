"""Proves that an outcome's kind, all that a hidden test tells, holds nothing a worker wrote."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from grading import wire
from grading.results import Status
from grading.session import outcomes, replies
from grading.session.by_hand import Forbidden
from grading.session.outcomes import Outcome, StudentError
from grading.session.process import DeadlineError, LostError
from grading.session.remote import Student
from grading.session.session import Session

SECRET = "Secret314159"
SOURCE = "def step(x):\n    if x: raise NotImplementedError\n    return x\n"


@dataclass
class ForgingTransport:
    """Answers the loading of the file honestly, and every call as it was told."""

    forged: Callable[[int], wire.Reply]
    measures: tuple[str, ...] = ()

    def ask(self, request: wire.Request, seconds: float) -> wire.Reply:
        """The reply, which isn't encoded on the way."""
        if isinstance(request, wire.Load):
            return wire.Returned(request.number, None)
        return self.forged(request.number)

    def check_quiet(self) -> None:
        """Nothing else is sent."""

    def take_output(self) -> str:
        """Nothing is printed."""
        return ""

    def spent_seconds(self) -> float:
        """Nothing is computed."""
        return 0.0

    def drop(self) -> None:
        """It is let go."""

    def end(self) -> str:
        """It had been alive."""
        return ""


def outcome(forged: Callable[[int], wire.Reply]) -> Outcome:
    """What a call that is answered so comes to."""
    session = Session(
        stem="ex01_a",
        source=SOURCE,
        forbidden=Forbidden({"step": ("torch.nn.RNN",)}),
        connect=lambda: ForgingTransport(forged),
        seed=7,
    )
    session.begin("test_claim", "step")
    with pytest.raises(Outcome) as told:
        Student(session).step(1.0)
    return told.value


def lost(number: int) -> wire.Reply:
    """The worker dies."""
    raise LostError


def late(number: int) -> wire.Reply:
    """The worker doesn't answer in time."""
    raise DeadlineError("3 s of computing")


def broken(number: int) -> wire.Reply:
    """The worker sends a frame that is none."""
    raise wire.ViolationError(f"sent a tensor of dtype {SECRET!r}")


def returned(value: wire.Value) -> Callable[[int], wire.Reply]:
    """The worker gives this value back."""
    return lambda number: wire.Returned(number, value)


def raised(
    error: str, message: str, *bases: str, line: int | None = None
) -> Callable[[int], wire.Reply]:
    """The worker says that the student's code raised, perhaps in which line."""
    places = () if line is None else (wire.Place(line, "step"),)
    return lambda number: wire.Raised(number, error, message, places, bases)


ENDS: dict[str, tuple[Callable[[int], wire.Reply], Status]] = {
    "message": (raised("ValueError", SECRET, "ValueError", "Exception"), Status.ERROR),
    "class name": (raised(SECRET, "", "Exception"), Status.ERROR),
    "class and base": (raised(SECRET, "", SECRET, "Exception"), Status.ERROR),
    "dtype": (returned(wire.TensorValue(SECRET, (1,), b"1")), Status.VIOLATION),
    "array": (returned(wire.ArrayValue(SECRET, (1,), b"1")), Status.VIOLATION),
    "bytes": (returned(wire.TensorValue("float32", (314159,), b"1")), Status.VIOLATION),
    "frame": (broken, Status.VIOLATION),
    "tool": (lambda n: wire.Returned(n, None, (SECRET,)), Status.VIOLATION),
    "absent": (lambda n: wire.Absent(n, "step", ("step" + SECRET[:3],)), Status.MISSING),
    "absent, found": (lambda n: wire.Absent(n, "step", (), SECRET), Status.MISSING),
    "absent, renamed": (lambda n: wire.Absent(n, SECRET, (SECRET,)), Status.MISSING),
    "refused": (lambda n: wire.Refused(n, SECRET), Status.FAILED),
    "lost": (lost, Status.CRASHED),
    "late": (late, Status.TIMEOUT),
}


@pytest.mark.parametrize("forged", [end for end, _ in ENDS.values()], ids=ENDS.keys())
def test_kind_holds_nothing_that_a_worker_wrote(forged: Callable[[int], wire.Reply]) -> None:
    """A worker that has read a hidden test's inputs finds no words to carry them out in."""
    kind = outcome(forged).kind
    assert kind
    assert SECRET[:3] not in kind
    assert "314159" not in kind


@pytest.mark.parametrize(("forged", "status"), ENDS.values(), ids=ENDS.keys())
def test_outcome_has_its_status(forged: Callable[[int], wire.Reply], status: Status) -> None:
    """Each way of not answering has a status of its own."""
    assert outcome(forged).status is status


def test_own_exception_of_a_usual_kind_is_named() -> None:
    """An exception of Python's own is named in the kind: a student can work with that."""
    told = outcome(raised("ValueError", "chunk is 0", "ValueError", "Exception"))
    assert "ValueError" in told.kind
    assert "chunk" not in told.kind


@pytest.mark.parametrize("bases", [(), ("int", "Exceptional"), ("print",)])
def test_exception_of_no_usual_kind_has_no_name(bases: tuple[str, ...]) -> None:
    """Where a worker names no exception of Python's own, the kind says that there was one."""
    assert outcome(raised(SECRET, "", *bases)).kind == "an exception raised"


def test_detail_says_all() -> None:
    """A visible test shows the exception's own name and its message."""
    told = outcome(raised("OddShape", "3 rows", "OddShape", "ValueError", "Exception"))
    assert "OddShape: 3 rows" in told.detail


def test_stub_is_not_started() -> None:
    """The stub's own exception, raised in the student's file, is a part that was not begun."""
    told = outcome(raised("NotImplementedError", "", "NotImplementedError", line=2))
    assert told.status is Status.NOT_STARTED


def test_torchs_own_not_implemented_error_is_an_error() -> None:
    """Where torch can't do what the student's line asks for, the part was begun all the same."""
    told = outcome(raised("NotImplementedError", "no max", "NotImplementedError", line=3))
    assert told.status is Status.ERROR
    assert "no max" in told.detail
    assert "return x" in told.detail


def deep(levels: int) -> wire.Value:
    """Lists in one another, deeper than any that an honest worker packs."""
    value: wire.Value = None
    for _ in range(levels):
        value = wire.Items("list", (value,))
    return value


def test_value_that_can_not_be_read_is_a_violation() -> None:
    """A value upon which the reading itself gives up costs the worker its life, nobody else's."""
    told = outcome(returned(deep(5000)))
    assert told.status is Status.VIOLATION
    assert "it sent a value that can't be read (RecursionError)" in told.detail


ADVICE = {
    "forward": (
        raised("NotImplementedError", 'Module [A] is missing the required "forward" function'),
        "(is there a method called forward, and is it indented into its class?)",
    ),
    "input": (raised("EOFError", "EOF when reading a line", line=3), "nobody can type here"),
    "breakpoint": (raised("BdbQuit", "", line=3), "python grader.py check --debug"),
    "graphics card": (
        raised("AssertionError", "Torch not compiled with CUDA enabled", line=3),
        "there is no GPU here",
    ),
    "end of Python": (raised("SystemExit", "0", line=3), "take the line out"),
    "files": (raised("FileNotFoundError", "no such file", "OSError", line=3), "has no files"),
    "own module": (
        raised("ModuleNotFoundError", "No module named 'mine'", "ModuleNotFoundError", line=3),
        "each file stands alone",
    ),
}


@pytest.mark.parametrize(("told", "advice"), ADVICE.values(), ids=ADVICE.keys())
def test_usual_slip_is_told_with_advice(told: Callable[[int], wire.Reply], advice: str) -> None:
    """What graded code can't do, or what was misspelt, is said beside Python's own words."""
    assert advice in outcome(told).detail


def test_value_is_no_outcome() -> None:
    """A reply that is an answer ends no test: to take it for an outcome is a mistake of the kit."""
    with pytest.raises(TypeError, match="a reply of class Returned is no outcome"):
        replies.outcome(wire.Returned(1, None), "step", "step", "ex01_a", SOURCE)


def test_endless_names_cost_no_time() -> None:
    """A worker that lists a hundred thousand like names doesn't keep the grader busy with them."""
    names = ("stpe",) * 100_000
    began = time.process_time()
    assert len(outcome(lambda n: wire.Absent(n, "step", names)).detail) < 1000
    assert time.process_time() - began < 0.2


@pytest.mark.parametrize(
    "kind", [outcomes.Timeout, outcomes.Crashed, outcomes.Violation, outcomes.NotStarted]
)
def test_what_ends_a_test_is_no_exception(kind: type[outcomes.EndsTest]) -> None:
    """Hypothesis catches and repeats exceptions: what must end a test at once is none."""
    assert issubclass(kind, BaseException)
    assert not issubclass(kind, Exception)


@pytest.mark.parametrize("kind", [outcomes.WrongError, StudentError])
def test_what_may_be_shrunk_is_an_exception(kind: type[Outcome]) -> None:
    """A wrong answer is an exception, so that hypothesis finds the smallest case of it."""
    assert issubclass(kind, Exception)


def test_same_outcome_can_be_raised_again() -> None:
    """What ended one test ends the next in the same words, as a new object."""
    first: Any = outcomes.Timeout("too slow", "took 3 s")
    again = first.again()
    assert again is not first
    assert (type(again), again.kind, again.detail) == (outcomes.Timeout, "too slow", "took 3 s")


def syntax_error(line: int) -> wire.Raised:
    """Python can't read this line."""
    return wire.Raised(
        1, "SyntaxError", "invalid syntax", (wire.Place(line, ""),), ("SyntaxError",)
    )


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("!pip install torch", "a notebook's command"),
        ("%matplotlib inline", "a notebook's command"),
        ("<<<<<<< HEAD", "left over from a merge"),
        (">>>>>>> main", "left over from a merge"),
        ("return x", ""),
    ],
)
def test_line_that_is_no_python_of_the_students_is_told_as_such(line: str, says: str) -> None:
    """What a notebook or git has put into a file is called by its name; other lines aren't."""
    told = replies.broken_file(syntax_error(2), "ex01_a", f"import torch\n{line}\n").detail
    assert says in told
    assert ("(" in told) == bool(says)


def raised_in(*places: tuple[int, str]) -> wire.Raised:
    """An exception on the way through these lines and functions, the innermost last."""
    way = tuple(wire.Place(line, function) for line, function in places)
    return wire.Raised(1, "AssertionError", "", way, ("AssertionError",))


@pytest.mark.parametrize(("line", "told"), [("assert step(1)", True), ("y = step(1)", False)])
def test_trial_of_ones_own_that_fails_at_loading_is_told_where_it_belongs(
    line: str, told: bool
) -> None:
    """Where a line that only tries functions out can't be run, it is told where such lines go."""
    source = f"def step(x):\n    raise ValueError\n{line}\n"
    detail = replies.broken_file(raised_in((3, "<module>"), (2, "step")), "ex01_a", source).detail
    assert "called from line 3" in detail
    assert ("try your functions out" in detail) == told


def test_caller_of_the_line_that_raised_is_told() -> None:
    """Where the student's own function is called by another of theirs, the mistake may be there."""
    way = raised_in((9, "forward"), (4, "step"))
    assert (
        outcomes.where(way, "ex01_a.py")
        == " (ex01_a.py:4, in step; called from line 9, in forward)"
    )
    alone = raised_in((4, "step"), (4, "step"))
    assert outcomes.where(alone, "ex01_a.py") == " (ex01_a.py:4, in step)"
