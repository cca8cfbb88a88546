"""Ways to where the student's code runs: across to a worker process, or within this one."""

from __future__ import annotations

import signal
import time
import warnings
from typing import Any, Protocol

import torch

from grading import frames, wire
from grading.errors import GraderFault
from grading.line import values
from grading.session import isolation
from grading.session.process import WALL_PER_CPU, DeadlineError, LostError, Starter, WorkerProcess
from grading.worker.serve import Server

HELLO_SECONDS = 30.0
"""CPU seconds for a worker to get ready (one that is spawned imports torch)."""


class Transport(Protocol):
    """Carries a request to where the student's code runs, and the reply back."""

    measures: tuple[str, ...]
    """The limits that hold for the student's code; none in this process."""

    def ask(self, request: wire.Request, seconds: float) -> wire.Reply:
        """Send a request and wait for its reply."""

    def check_quiet(self) -> None:
        """Raises ViolationError where something came that nobody asked for."""

    def take_output(self) -> str:
        """What was printed since the last time."""

    def spent_seconds(self) -> float:
        """What the requests so far have cost: CPU time over there, or a tenth of the wait."""

    def drop(self) -> None:
        """End it, and don't wait for that."""

    def end(self) -> str:
        """End it; in words, how it died."""


class Across:
    """To a worker process and back.

    Raises IsolationError where the worker is not shut in as it was asked to be, and GraderFault
    where it doesn't come to say so.
    """

    def __init__(self, starter: Starter) -> None:
        self._worker: WorkerProcess = starter.start()
        self._spent = 0.0
        try:
            self.measures = self._shut_in()
            if starter.level not in ("", isolation.level_of(self.measures)):
                level = starter.level
                raise isolation.IsolationError(f"isolation {level} was asked for, not reached")
        except BaseException:
            self._worker.drop()
            raise

    def _shut_in(self) -> tuple[str, ...]:
        """The measures that hold, as the worker tells them before it loads anything."""
        try:
            hello = frames.read_reply(self._worker.receive(HELLO_SECONDS))
        except LostError:
            raise GraderFault("a worker died before it was ready") from None
        except DeadlineError as late:
            raise GraderFault(f"a worker wasn't ready after {late}") from None
        if isinstance(hello, wire.Refused):
            raise isolation.IsolationError(hello.why)
        assert isinstance(hello, wire.Returned)
        self._worker.measure()  # what it took to get ready is nobody's
        return tuple(values.unpack(hello.value, _no_objects))

    def ask(self, request: wire.Request, seconds: float) -> wire.Reply:
        """Send a request and wait for its reply."""
        used, began = self._worker.used, time.monotonic()
        sent = _framed(request)
        try:
            self._worker.send(sent, seconds)
            reply = frames.read_reply(self._worker.receive(seconds))
        finally:
            waited = (time.monotonic() - began) / WALL_PER_CPU
            self._spent += max(self._worker.measure() - used, waited)
        if reply.number != request.number:
            raise wire.ViolationError("sent a reply that nobody asked for")
        return reply

    def check_quiet(self) -> None:
        """Raises ViolationError where the worker sent more than one reply."""
        if self._worker.stray():
            raise wire.ViolationError("sent more than one reply to a request")

    def take_output(self) -> str:
        """What the worker printed since the last time."""
        return self._worker.take_output()

    def spent_seconds(self) -> float:
        """CPU time of the worker, or a tenth of the wait where that is more: sleep counts too."""
        return self._spent

    def drop(self) -> None:
        """Have the worker killed."""
        self._worker.drop()

    def end(self) -> str:
        """Kill the worker; in words, how it had died, or that it was killed."""
        return _death(self._worker.end())


_LEAVES = ("KeyboardInterrupt", "BdbQuit")
"""Raised by who sits before it, not by the student's code: Ctrl-C, and `q` of the debugger."""


class InProcess:
    """The same dispatch in this process, for a student with a debugger: not a grade."""

    measures: tuple[str, ...] = ()

    def __init__(self) -> None:
        self._server = Server()

    def ask(self, request: wire.Request, seconds: float) -> wire.Reply:
        """Answer here; every frame is encoded and decoded as if it crossed."""
        sent = frames.read_request(frames.encode(request)[frames.HEADER :])
        with torch.random.fork_rng(devices=[]), warnings.catch_warnings(action="ignore"):
            reply = self._server.answer(sent)
            self._server.rest()
        if isinstance(reply, wire.Raised) and reply.error in _LEAVES:
            raise KeyboardInterrupt
        return frames.read_reply(frames.encode(reply)[frames.HEADER :])

    def check_quiet(self) -> None:
        """Nothing can be in between."""

    def take_output(self) -> str:
        """What is printed goes straight to the screen."""
        return ""

    def spent_seconds(self) -> float:
        """No deadlines here: a breakpoint may take its time."""
        return 0.0

    def drop(self) -> None:
        """Take back what loading changed."""
        self._server.close()

    def end(self) -> str:
        """The same; nothing has died."""
        self.drop()
        return ""


def _framed(request: wire.Request) -> bytes:
    """A request as it is sent. Raises GraderFault where it is too large: a test asked for that."""
    try:
        return frames.encode(request)
    except wire.ViolationError as error:
        raise GraderFault(f"a test's request can't be sent: it is {error}") from None


def measures_of(starter: Starter) -> tuple[str, ...]:
    """The measures that hold for this starter's workers, as a first one tells them.

    Raises IsolationError where a worker can't be shut in as it was asked to be.
    """
    trial = Across(starter)
    trial.drop()
    return trial.measures


def _death(code: int) -> str:
    """How a worker ended, in words."""
    if code >= 0:
        return f"the process ended itself with exit code {code}"
    if -code == signal.SIGKILL:
        return "the process was killed, or closed its channel"
    named = -code in set(signal.Signals)  # most of the real-time ones have no name
    name = signal.Signals(-code).name if named else f"signal {-code}"
    known = {"SIGSEGV": " (a segmentation fault)", "SIGABRT": " (an abort)"}
    return f"the process died of {name}{known.get(name, '')}"


def _no_objects(ref: wire.Ref) -> Any:
    raise wire.ViolationError("sent an object where none can be")
