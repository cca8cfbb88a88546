"""The trusted handle on a student's code: `student.rnn_step(...)`, `model = student.RNNClassifier(...)`.

A call looks like a plain one. Its arguments go to the worker as values, its result comes back as
fresh tensors; asking those for gradients runs the backward pass over there.
"""

from __future__ import annotations

import difflib
import hashlib
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import torch
from torch import Tensor

from grading import by_hand, outcomes, wire
from grading.process import DeadlineError, LostError, Starter, WorkerProcess
from grading.worker.serve import Server

CALL_SECONDS = 3.0
"""CPU seconds that one call may take; ten times as many on the wall clock."""

PART_SECONDS = 6.0
"""CPU seconds that all calls of one part may take together."""

HELLO_SECONDS = 30.0
"""CPU seconds for a worker to get ready (one that is spawned imports torch)."""


class Transport(Protocol):
    """Carries a request to where the student's code runs, and the reply back."""

    measures: tuple[str, ...]

    def ask(self, request: wire.Request, seconds: float) -> wire.Reply:
        """Send a request and wait for its reply."""

    def check_quiet(self) -> None:
        """Raises ViolationError where something came that nobody asked for."""

    def take_output(self) -> str:
        """What was printed since the last time."""

    def cpu_seconds(self) -> float:
        """CPU time used over there so far."""

    def end(self) -> str:
        """End it; in words, how it had died, or nothing where it was alive."""


class Across:
    """To a worker process and back."""

    def __init__(self, starter: Starter) -> None:
        self._worker: WorkerProcess = starter.start()
        hello = wire.read_reply(self._worker.receive(HELLO_SECONDS))
        assert isinstance(hello, wire.Returned)
        self.measures = tuple(wire.unpack(hello.value, _no_objects))

    def ask(self, request: wire.Request, seconds: float) -> wire.Reply:
        """Send a request and wait for its reply."""
        self._worker.send(wire.frame(request), seconds)
        reply = wire.read_reply(self._worker.receive(seconds))
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

    def cpu_seconds(self) -> float:
        """CPU time of the worker."""
        return self._worker.cpu_seconds()

    def end(self) -> str:
        """Kill the worker; say how it had died, where it was dead already."""
        return _death(self._worker.end())


class InProcess:
    """The same dispatch in this process, for a student with a debugger: not a grade."""

    measures = ()

    def __init__(self) -> None:
        self._server = Server()

    def ask(self, request: wire.Request, seconds: float) -> wire.Reply:
        """Answer here; every frame is encoded and decoded as if it crossed."""
        sent = wire.read_request(wire.frame(request)[4:])
        with torch.random.fork_rng(devices=[]):
            reply = self._server.answer(sent)
        return wire.read_reply(wire.frame(reply)[4:])

    def check_quiet(self) -> None:
        """Nothing can be in between."""

    def take_output(self) -> str:
        """What is printed goes straight to the screen."""
        return ""

    def cpu_seconds(self) -> float:
        """No deadlines here: a breakpoint may take its time."""
        return 0.0

    def end(self) -> str:
        """Take back what loading changed."""
        self._server.close()
        return ""


@dataclass
class Session:
    """One exercise of one submission: its worker, replaced when it was lost, and its part's time."""

    stem: str
    source: str
    by_hand: dict[str, tuple[str, ...]]
    connect: Callable[[], Transport]
    seed: int
    measures: tuple[str, ...] = ()
    test: str = ""
    part: str = ""
    used_by_hand: dict[str, str] = field(default_factory=dict)
    _transport: Transport | None = None
    _number: int = 0
    _calls: int = 0
    _spent: dict[str, float] = field(default_factory=dict)
    _printed: str = ""
    _broken: outcomes.EndsTest | None = None
    _sent: tuple[wire.Value, ...] = ()

    def begin(self, test: str, part: str) -> None:
        """A new test: old objects go, random numbers start anew."""
        self.test, self.part = test, part
        self._printed = ""
        self.begin_example()
        if self._broken is not None:
            raise self._broken
        if self._transport is not None:
            self.do("forget")

    def begin_example(self) -> None:
        """A new example of the same test draws the same random numbers as any other."""
        self._calls = 0

    def finish(self) -> None:
        """The test is over; a second reply to its last request is a violation."""
        if self._transport is not None:
            try:
                self._transport.check_quiet()
            except wire.ViolationError as error:
                raise self._violation(error) from None

    def take_output(self) -> str:
        """What the student's code printed during this test."""
        if self._transport is not None:
            self._printed += self._transport.take_output()
        return self._printed

    def close(self) -> None:
        """End the worker."""
        if self._transport is not None:
            self._transport.end()
            self._transport = None

    # --- what crosses -------------------------------------------------------------------------

    def call(self, target: str | int, args: Sequence[Any], kwargs: dict[str, Any]) -> Any:
        """Call a function of the submission, or an object that lives in the worker."""
        self._check_source()
        self._calls += 1
        inputs: list[Tensor] = []
        request = wire.Call(
            number=self._next_number(),
            seed=_derived_seed(self.seed, self.test, self._calls),
            target=target,
            args=tuple(_pack(argument, inputs) for argument in args),
            kwargs=tuple((name, _pack(argument, inputs)) for name, argument in kwargs.items()),
            watched=self.by_hand.get(self.part, ()),
        )
        self._sent = request.args
        reply = self._ask(request)
        if not isinstance(reply, wire.Returned):
            raise self._outcome(reply)
        if reply.used:
            raise self._not_by_hand(f"calling it used {reply.used[0]}")
        result = wire.unpack(reply.value, self._object)
        return _attach(self, request.number, result, inputs)

    def do(self, service: str, *args: Any, **kwargs: Any) -> Any:
        """Use one of the worker's own services."""
        request = wire.Do(
            number=self._next_number(),
            service=service,
            args=tuple(_pack(argument, []) for argument in args),
            kwargs=tuple((name, _pack(argument, [])) for name, argument in kwargs.items()),
        )
        reply = self._ask(request)
        if not isinstance(reply, wire.Returned):
            raise self._outcome(reply)
        return wire.unpack(reply.value, self._object)

    def sent_arguments(self) -> list[Any]:
        """The last call's positional arguments as they were sent."""
        return [wire.unpack(value, self._object) for value in self._sent]

    def _object(self, ref: wire.Ref) -> RemoteObject:
        return RemoteObject(self, ref)

    def _next_number(self) -> int:
        self._number += 1
        return self._number

    def _ask(self, request: wire.Request) -> wire.Reply:
        """Carry one request; whatever goes wrong on the way costs the worker and ends the test."""
        left = PART_SECONDS - self._spent.get(self.part, 0.0)
        if left <= 0:
            raise outcomes.Timeout(f"not run: {self.part} had used up its {PART_SECONDS:.0f} s")
        transport = self._transport or self._start()
        before = transport.cpu_seconds()
        try:
            reply = transport.ask(request, min(left, CALL_SECONDS))
        except wire.ViolationError as error:
            raise self._violation(error) from None
        except DeadlineError:
            self._spend(CALL_SECONDS)
            self._lose()
            raise outcomes.Timeout(
                f"{self.part} was still running after {CALL_SECONDS:.0f} s of computing",
            ) from None
        except LostError:
            raise outcomes.Crashed(self._lose() or "the worker closed its channel") from None
        self._spend(transport.cpu_seconds() - before)
        return reply

    def _spend(self, seconds: float) -> None:
        self._spent[self.part] = self._spent.get(self.part, 0.0) + seconds

    def _start(self) -> Transport:
        """Start a worker and load the submission there."""
        self._transport = self.connect()
        self.measures = self._transport.measures
        watched = sorted({name for names in self.by_hand.values() for name in names})
        load = wire.Load(self._next_number(), self.source, f"{self.stem}.py", tuple(watched))
        try:
            reply = self._ask(load)
        except outcomes.EndsTest as outcome:
            self._broken = outcome
            raise
        if isinstance(reply, wire.Raised):
            self._broken = _broken_file(reply, self.stem, self.source)
            raise self._broken
        return self._transport

    def _lose(self) -> str:
        """Give up the worker: how it had died, in words."""
        if self._transport is None:
            return ""
        self._printed += self._transport.take_output()
        death = self._transport.end()
        self._transport = None
        return death

    def _violation(self, error: wire.ViolationError) -> outcomes.Violation:
        self._lose()
        return outcomes.Violation(f"the worker broke the protocol: it {error}")

    # --- replies that are no values -----------------------------------------------------------

    def _outcome(self, reply: wire.Reply) -> BaseException:
        match reply:
            case wire.Absent():
                return outcomes.Missing(_absence(reply, self.stem))
            case wire.Raised() if "NotImplementedError" in reply.bases:
                return outcomes.NotStarted(f"{self.part} still raises NotImplementedError")
            case wire.Raised():
                return outcomes.StudentError(reply, f"{self.stem}.py")
            case wire.Refused():
                return outcomes.WrongError("an object that can't be used as asked", reply.why)
            case _:
                raise TypeError(f"a reply of class {type(reply).__name__} is no outcome")

    def _check_source(self) -> None:
        """A part that is to be done by hand names none of its forbidden tools."""
        if self.part not in self.used_by_hand:
            names = self.by_hand.get(self.part, ())
            self.used_by_hand[self.part] = by_hand.first_use(self.source, self.part, names)
        if self.used_by_hand[self.part]:
            raise self._not_by_hand(self.used_by_hand[self.part])

    def _not_by_hand(self, seen: str) -> outcomes.NotByHand:
        self.used_by_hand[self.part] = seen
        return outcomes.NotByHand(f"{self.part} is to be written by hand: {seen}")


class Student:
    """The submission's functions and classes, by name, as if they were here."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*args: Any, **kwargs: Any) -> Any:
            return self._session.call(name, args, kwargs)

        return call

    def make(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Build an object of torch's or NumPy's own in the worker, e.g. "torch.nn.RNN"."""
        return self._session.do("make", name, *args, **kwargs)

    def arguments(self) -> list[Any]:
        """The positional arguments of the last call, as they are now, on the other side."""
        now: list[Any] = self._session.do("arguments")
        return now

    def sent_arguments(self) -> list[Any]:
        """The same arguments as they were sent."""
        return self._session.sent_arguments()

    def begin_example(self) -> None:
        """Start random numbers anew (each example of a test does)."""
        self._session.begin_example()


class RemoteObject:
    """An object that lives in the worker: a model, an optimizer, a random generator."""

    def __init__(self, session: Session, ref: wire.Ref) -> None:
        self._session = session
        self.ref = ref

    def __repr__(self) -> str:
        return f"<{self.ref.kind} in the worker>"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call it."""
        return self._session.call(self.ref.number, args, kwargs)

    def state(self) -> dict[str, Tensor]:
        """A module's parameters and buffers by name."""
        state: dict[str, Tensor] = self._session.do("state", self)
        return state

    def state_of(self, name: str) -> dict[str, Tensor]:
        """The state of one submodule, for a twin on this side."""
        inside = f"{name}."
        state = self.state()
        return {key.removeprefix(inside): state[key] for key in state if key.startswith(inside)}

    def load(self, state: dict[str, Tensor]) -> None:
        """Set parameters and buffers by name; those that aren't named stay as they are."""
        self._session.do("load", self, dict(state))

    def gradients(self) -> dict[str, Tensor | None]:
        """Each parameter's `.grad` by name."""
        gradients: dict[str, Tensor | None] = self._session.do("gradients", self)
        return gradients

    def set_gradients(self, gradients: dict[str, Tensor | None]) -> None:
        """Set each parameter's `.grad`."""
        self._session.do("set_gradients", self, gradients)

    def trainable(self) -> dict[str, bool]:
        """Does each parameter ask for gradients?"""
        flags: dict[str, bool] = self._session.do("trainable", self)
        return flags

    def to(self, dtype: torch.dtype) -> RemoteObject:
        """Turn a module's floating-point numbers into another dtype."""
        self._session.do("to", self, str(dtype).removeprefix("torch."))
        return self

    def train(self, mode: bool = True) -> RemoteObject:
        """Switch training mode on or off."""
        self._session.do("train", self, mode)
        return self

    def eval(self) -> RemoteObject:
        """Switch to evaluation mode."""
        return self.train(False)

    @property
    def training(self) -> bool:
        """Is the module in training mode?"""
        return bool(self._session.do("training", self))

    def seen(self) -> list[tuple[bool, bool, bool]]:
        """What a Spy noted at each forward: (training, gradients enabled, input carries gradient)."""
        noted: list[tuple[bool, bool, bool]] = self._session.do("seen", self)
        return noted


# --- gradients across the line ----------------------------------------------------------------


class _RemoteCall(torch.autograd.Function):
    """The student's call as one node of this side's graph: its backward runs in the worker."""

    @staticmethod
    def forward(
        ctx: Any, session: Session, call: int, values: list[Tensor], _anchor: Tensor, *inputs: Tensor
    ) -> tuple[Tensor, ...]:
        ctx.session, ctx.call, ctx.count = session, call, len(inputs)
        ctx.set_materialize_grads(False)
        return tuple(value.clone() for value in values)

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor | None) -> tuple[Any, ...]:
        gradients = ctx.session.do("backward", ctx.call, list(upstream))
        return (None, None, None, None, *gradients)


def _attach(session: Session, call: int, result: Any, inputs: list[Tensor]) -> Any:
    """Give the tensors of a result that carry gradient a node in this side's graph."""
    carrying = list(_carrying(result))
    if not carrying:
        return result
    anchor = torch.zeros((), requires_grad=True)
    detached = [tensor.detach() for tensor in carrying]
    attached = iter(_RemoteCall.apply(session, call, detached, anchor, *inputs))
    return _replaced(result, attached)


def _carrying(result: Any) -> Iterator[Tensor]:
    if isinstance(result, Tensor):
        if result.requires_grad:
            yield result
    elif isinstance(result, torch.nn.utils.rnn.PackedSequence):
        yield from _carrying(result.data)
    elif isinstance(result, dict):
        for item in result.values():
            yield from _carrying(item)
    elif isinstance(result, list | tuple):
        for item in result:
            yield from _carrying(item)


def _replaced(result: Any, attached: Iterator[Tensor]) -> Any:
    if isinstance(result, Tensor):
        return next(attached) if result.requires_grad else result
    if isinstance(result, torch.nn.utils.rnn.PackedSequence):
        return result._replace(data=_replaced(result.data, attached))
    if isinstance(result, dict):
        return {key: _replaced(item, attached) for key, item in result.items()}
    if isinstance(result, list | tuple):
        return type(result)([_replaced(item, attached) for item in result])
    return result


def _pack(argument: Any, inputs: list[Tensor]) -> wire.Value:
    """An argument as a value; tensors that carry gradient are noted in `inputs`, in order."""
    if isinstance(argument, Iterator):
        return wire.Items("iterator", tuple(_pack(item, inputs) for item in argument))
    inputs.extend(_carrying(argument))
    return wire.pack(argument, _ref)


def _ref(thing: Any) -> wire.Ref | None:
    if isinstance(thing, RemoteObject):
        return thing.ref
    raise TypeError(f"a test can't send {wire.describe(thing)} across the line")


def _no_objects(ref: wire.Ref) -> Any:
    raise wire.ViolationError("sent an object where none can be")


def _derived_seed(seed: int, test: str, call: int) -> int:
    text = f"{seed}/{test}/{call}".encode()
    return int.from_bytes(hashlib.blake2b(text, digest_size=4).digest())


# --- words ------------------------------------------------------------------------------------


def _death(code: int) -> str:
    """How a worker ended, in words; nothing for one that had to be killed."""
    if code >= 0:
        return f"the process ended itself with exit code {code}"
    if -code == signal.SIGKILL:
        return "the process was killed"
    name = signal.Signals(-code).name
    known = {"SIGSEGV": " (a segmentation fault)", "SIGABRT": " (an abort)"}
    return f"the process died of {name}{known.get(name, '')}"


def _absence(absent: wire.Absent, stem: str) -> str:
    if absent.found:
        return f"{absent.name} in {stem}.py is {absent.found}: expected a function or class"
    close = difflib.get_close_matches(absent.name, absent.names, n=1, cutoff=0.7)
    asking = f" There is {close[0]}: did you mean {absent.name}?" if close else ""
    return f"{stem}.py has no {absent.name}.{asking}"


def _broken_file(raised: wire.Raised, stem: str, source: str) -> outcomes.EndsTest:
    """What loading the file raised, with the line itself."""
    lines = source.splitlines()
    number = raised.places[-1].line if raised.places else 0
    line = lines[number - 1].strip() if 0 < number <= len(lines) else ""
    said = f"{raised.error}: {raised.message}" if raised.message else raised.error
    place = f"{stem}.py:{number}" if number else f"{stem}.py"
    shown = f"\n    {line[:160]}" if line else ""
    return outcomes.BrokenFile(f"{place} can't be loaded: {raised.error}", f"{place}: {said}{shown}")
