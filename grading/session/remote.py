"""The trusted handle on a student's code: `student.rnn_step(...)`, `model = student.CharRNN(...)`.

A call looks like a plain one. Its arguments go to the worker as values, its result comes back as
fresh tensors; asking those for gradients runs the backward pass over there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import torch
from torch import Tensor

from grading import wire
from grading.line import values, words
from grading.session.backward import attach, carrying
from grading.session.outcomes import WrongError
from grading.session.session import Session

MAX_PARAMETERS = 1000
"""Of a module whose state is looked at: tests take time for each of them."""


@dataclass(eq=False)
class Step:
    """What a test did: `call`, `make`, change, look, `backward` from a step; and what it gave."""

    what: str
    target: Any
    args: tuple[Any, ...] = ()
    kwargs: dict[str, Any] = field(default_factory=dict)
    result: Any = None


class Once(list[Any]):
    """The items of an iterator argument, which crosses as an iterator."""


class Student:
    """The submission's functions and classes, by name, as if they were here."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def __getattr__(self, name: str) -> Callable[..., Any]:
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*args: Any, **kwargs: Any) -> Any:
            return _call(self._session, name, name, args, kwargs)

        return call

    def make(self, name: str, *args: Any, **kwargs: Any) -> Any:
        """Build an object of torch's or NumPy's own in the worker, e.g. "torch.nn.RNN"."""
        ref = wire.Ref(self._session.next_number(), name.rpartition(".")[2])
        _first(self._session, "make", ref.number, name, *args, **kwargs)
        made = RemoteObject(self._session, ref)
        return _noted(self._session, Step("make", name, args, kwargs, made))

    def arguments(self) -> list[Any]:
        """The positional arguments of the last call, as they are now, on the other side."""
        now: list[Any] = _look(self._session, "arguments")
        return now

    def sent_arguments(self) -> list[Any]:
        """The same arguments as they were sent."""
        return [_unpack(self._session, value) for value in self._session.sent]

    def builds_graphs(self) -> bool:
        """Did the last call leave autograd switched on over there?"""
        return bool(_do(self._session, "builds_graphs"))

    def begin_example(self, again: bool = False) -> None:
        """Start random numbers anew (each example of a test does).

        Where one is run `again`, what was printed before is dropped: it would be told twice.
        """
        if again:
            self._session.forget_output()
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
        return _call(self._session, self.ref.number, self, args, kwargs)

    def state(self) -> dict[str, Tensor]:
        """A module's parameters and buffers by name."""
        state: dict[str, Tensor] = _look(self._session, "state", self)
        if not isinstance(state, dict) or len(state) > MAX_PARAMETERS:
            raise WrongError(f"a module of more than {MAX_PARAMETERS} parameters and buffers")
        return state

    def state_of(self, name: str) -> dict[str, Tensor]:
        """The state of one submodule, for a twin on this side."""
        inside = f"{name}."
        state = self.state()
        return {key.removeprefix(inside): state[key] for key in state if key.startswith(inside)}

    def load(self, state: dict[str, Tensor]) -> None:
        """Set parameters and buffers by name; those that aren't named keep their values.

        The whole module takes the dtype of what it is given.
        """
        _first(self._session, "load", self, dict(state))
        now = {name: value.detach().clone() for name, value in state.items()}  # not as it becomes
        _noted(self._session, Step("load", self, (now,)))

    def gradients(self) -> dict[str, Tensor | None]:
        """Each parameter's `.grad` by name."""
        found: dict[str, Tensor | None] = _look(self._session, "gradients", self)
        return found

    def learned_beside(self, *parts: str) -> bool:
        """Has a parameter got a gradient that is in none of these submodules, by whatever name?"""
        return bool(_do(self._session, "learned_beside", self, list(parts)))

    def set_gradients(self, gradients: dict[str, Tensor | None]) -> None:
        """Set each parameter's `.grad`."""
        _first(self._session, "set_gradients", self, gradients)
        _noted(self._session, Step("set_gradients", self, (gradients,)))

    def trainable(self) -> dict[str, bool]:
        """Does each parameter ask for gradients?"""
        flags: dict[str, bool] = _look(self._session, "trainable", self)
        return flags

    def freeze(self, *names: str) -> None:
        """Let these parameters ask for no gradients."""
        _first(self._session, "freeze", self, list(names))

    def to(self, dtype: torch.dtype) -> RemoteObject:
        """Turn a module's floating-point numbers into another dtype."""
        _first(self._session, "to", self, str(dtype).removeprefix("torch."))
        _noted(self._session, Step("to", self, (dtype,)))
        return self

    def train(self, mode: bool = True) -> RemoteObject:
        """Switch training mode on or off."""
        _first(self._session, "train", self, mode)
        _noted(self._session, Step("train", self, (mode,)))
        return self

    def eval(self) -> RemoteObject:
        """Switch to evaluation mode."""
        return self.train(False)

    @property
    def training(self) -> bool:
        """Is the module in training mode?"""
        return bool(_do(self._session, "training", self))

    def step(self) -> None:
        """Let an optimizer take one step by the gradients that are there, and forget these."""
        _first(self._session, "step", self)

    def seen(self) -> list[tuple[bool, bool, bool]]:
        """What a Spy noted at each forward: training? gradients enabled? input with gradient?"""
        noted: list[tuple[bool, bool, bool]] = _look(self._session, "seen", self)
        return noted


# --- what crosses -----------------------------------------------------------------------------


def _noted(session: Session, step: Step) -> Any:
    """Note a step of the example; what it gave."""
    session.steps.append(step)
    return step.result


def _call(
    session: Session, target: str | int, named_as: Any, args: Sequence[Any], kwargs: dict[str, Any]
) -> Any:
    """Call over there; tensors of the result that carry gradient join this side's graph."""
    args = tuple(Once(value) if isinstance(value, Iterator) else value for value in args)
    step = Step("call", named_as, args, kwargs)
    _noted(session, step)
    inputs: list[Tensor] = []
    sent = tuple(_pack(argument, inputs) for argument in args)
    named = tuple((name, _pack(argument, inputs)) for name, argument in kwargs.items())
    reply = session.call(target, sent, named)
    backward = partial(_backward, session, reply.number, step)
    step.result = attach(_unpack(session, reply.value), inputs, backward)
    return step.result


def _backward(session: Session, number: int, step: Step, upstream: list[Tensor | None]) -> Any:
    """Run the backward pass of a call over there."""
    _noted(session, Step("backward", step, tuple(upstream)))
    return _do(session, "backward", number, upstream)


def _look(session: Session, what: str, *of: RemoteObject) -> Any:
    """Ask an object, or the last call, something that the lines for a student can show."""
    step = Step(what, of[0] if of else None, result=_do(session, what, *of))
    return _noted(session, step)


def _do(session: Session, service: str, *args: Any, **kwargs: Any) -> Any:
    """Use one of the worker's services."""
    return _unpack(session, session.do(_service(service, args, kwargs)).value)


def _first(session: Session, service: str, *args: Any, **kwargs: Any) -> None:
    """Have a service that gives nothing back done before the next request."""
    session.do_first(_service(service, args, kwargs))


def _service(name: str, args: Sequence[Any], kwargs: dict[str, Any]) -> wire.Service:
    sent = tuple(_pack(argument, []) for argument in args)
    return wire.Service(name, sent, tuple((key, _pack(kwargs[key], [])) for key in kwargs))


def _unpack(session: Session, value: wire.Value) -> Any:
    try:
        return values.unpack(value, lambda ref: RemoteObject(session, ref))
    except wire.ViolationError as error:
        raise session.violated(error) from None
    except Exception as error:  # whatever can't be unpacked was never packed by an honest worker
        lie = wire.ViolationError(f"sent a value that can't be read ({type(error).__name__})")
        raise session.violated(lie) from None


def _pack(argument: Any, inputs: list[Tensor]) -> wire.Value:
    """An argument as a value; tensors that carry gradient are noted in `inputs`, in order."""
    if isinstance(argument, Once):
        return wire.Items("iterator", tuple(_pack(item, inputs) for item in argument))
    inputs.extend(carrying(argument))
    return values.pack(argument, _ref)


def _ref(thing: Any) -> wire.Ref | None:
    if isinstance(thing, RemoteObject):
        return thing.ref
    raise TypeError(f"a test can't send {words.describe(thing)} across the line")
