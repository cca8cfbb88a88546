"""Loads the student's source and answers calls, one reply a request."""

from __future__ import annotations

import contextlib
import linecache
import random
import socket
import sys
import types
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor

from grading import frames, wire
from grading.line import values, words
from grading.worker.objects import Objects, RefusedError
from grading.worker.raised import raised
from grading.worker.watch import Watch


class Server:
    """One submission, loaded, and the objects that its tests made."""

    def __init__(self) -> None:
        self._objects = Objects()
        self._watch = Watch()
        self._module: types.ModuleType | None = None
        self._filename, self._lines = "", 0
        self._args: tuple[Any, ...] = ()
        self._inputs: list[Tensor] = []
        self._outputs: dict[int, list[Tensor]] = {}

    def answer(self, request: wire.Request) -> wire.Reply:
        """Do what the request asks. What the student's code raises comes back as `Raised`."""
        try:
            match request:
                case wire.Load():
                    return self._load(request)
                case wire.Call():
                    self._do_first(request)
                    return self._call(request)
                case wire.Do():
                    self._do_first(request)
                    with self._watch.resting():
                        result = self._pack(self._do(request.service))
                    return wire.Returned(request.number, result, self._watch.taken())
        except RefusedError as error:
            return wire.Refused(request.number, words.sendable(str(error)))
        except BaseException as error:
            return raised(request.number, error, self._filename, self._lines)

    def rest(self) -> None:
        """Note no tools until the next call: what is done in this process is not the student's."""
        self._watch.note()

    def close(self) -> None:
        """Undo what loading changed in this process (for runs without a worker of their own)."""
        self._watch.remove()
        if self._module is not None:
            sys.modules.pop(self._module.__name__, None)
        linecache.cache.pop(self._filename, None)

    # --- the three kinds of request -----------------------------------------------------------

    def _load(self, request: wire.Load) -> wire.Reply:
        self._watch.install(request.watched)
        self._filename = request.filename
        lines = [f"{line}\n" for line in request.source.split("\n")]
        self._lines = len(lines)
        linecache.cache[request.filename] = (len(request.source), None, lines, request.filename)
        name = request.filename.removesuffix(".py")
        self._module = types.ModuleType(name)
        self._module.__file__ = request.filename
        self._objects.own_module = name
        sys.modules[name] = self._module
        _reset_global_state(0)
        code = compile(request.source, request.filename, "exec", dont_inherit=True)
        exec(code, self._module.__dict__)
        return wire.Returned(request.number, None)

    def _call(self, request: wire.Call) -> wire.Reply:
        names: dict[str, Any] = {} if self._module is None else vars(self._module)
        target: Any
        if isinstance(request.target, int):
            target = self._objects.get(request.target)
        elif callable(names.get(request.target)):
            target = names[request.target]
        else:
            return _absent(request.number, request.target, names)
        self._args = tuple(self._unpack(value) for value in request.args)
        kwargs = {name: self._unpack(value) for name, value in request.kwargs}
        self._inputs = _tensors((self._args, kwargs))
        given = tuple(_alive(value) for value in self._args)
        _reset_global_state(request.seed)
        self._watch.note(*request.watched)  # until the next call: code can be left behind to run
        result = target(*given, **kwargs)
        packed = self._pack(result)  # which asks objects of the student's own what they are
        sent = not isinstance(packed, wire.OpaqueValue)
        self._outputs = {request.number: _tensors(result) if sent else []}
        return wire.Returned(request.number, packed, self._watch.taken())

    def _do_first(self, request: wire.Call | wire.Do) -> None:
        with self._watch.resting():
            for service in request.first:
                self._do(service)

    def _do(self, asked: wire.Service) -> Any:
        services: dict[str, Callable[..., Any]] = {
            "arguments": self._arguments,
            "backward": self._backward,
            "builds_graphs": _builds_graphs,
            "forget": self._forget,
        }
        service = services.get(asked.name) or getattr(self._objects, asked.name)
        args = [self._unpack(value) for value in asked.args]
        kwargs = {name: self._unpack(value) for name, value in asked.kwargs}
        return service(*args, **kwargs)

    # --- services that need the last call -----------------------------------------------------

    def _arguments(self) -> list[Any]:
        """The positional arguments of the last call, as they are now."""
        return [list(a) if isinstance(a, _Kept) else a for a in self._args]

    def _backward(self, call: int, upstream: list[Tensor | None]) -> list[Tensor | None]:
        """Run the backward pass of a call's result; give the gradients of its arguments."""
        if call not in self._outputs:
            raise RefusedError("the graph of that call is no longer there")
        torch.set_grad_enabled(True)
        kept = [tensor.grad for tensor in self._inputs]
        for tensor in self._inputs:
            tensor.grad = None
        pairs = [
            (output, grad)
            for output, grad in zip(self._outputs[call], upstream, strict=True)
            if grad is not None
        ]
        torch.autograd.backward(
            [output for output, _ in pairs], [grad for _, grad in pairs], retain_graph=True
        )
        gradients = [tensor.grad for tensor in self._inputs]
        for tensor, grad in zip(self._inputs, kept, strict=True):
            tensor.grad = grad
        return gradients

    def _forget(self) -> None:
        """A new example begins: drop all objects and graphs, and what tools were used before."""
        self._watch.note()
        self._objects.forget()
        self._args, self._inputs, self._outputs = (), [], {}

    # --- values -------------------------------------------------------------------------------

    def _pack(self, thing: Any) -> wire.Value:
        return values.pack(thing, self._objects.keep)

    def _unpack(self, value: wire.Value) -> Any:
        """Like the value, but what iterators give is kept as a list (see `_alive`)."""
        if isinstance(value, wire.Items) and value.kind == "iterator":
            return _Kept(self._unpack(item) for item in value.items)
        return values.unpack(value, self._objects.fetch)


def run(channel: socket.socket) -> None:
    """Answer requests on a channel until the other side closes it."""
    server = Server()
    while header := _read(channel, frames.HEADER):
        request = frames.read_request(_read(channel, frames.body_length(header)))
        reply = _framed(server.answer(request))
        _flush()
        channel.sendall(reply)


def _flush() -> None:
    """Let go of what was printed: the grader takes it together with the reply."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(Exception):
            stream.flush()


def _read(channel: socket.socket, count: int) -> bytes:
    """Exactly `count` bytes; none where the other side closed the channel."""
    pieces = bytearray()
    while len(pieces) < count:
        piece = channel.recv(count - len(pieces))
        if not piece:
            return b""
        pieces += piece
    return bytes(pieces)


def _framed(reply: wire.Reply) -> bytes:
    try:
        return frames.encode(reply)
    except wire.ViolationError:
        too_large = wire.OpaqueValue("a result that is too large to be sent")
        return frames.encode(wire.Returned(reply.number, too_large))


_builds_graphs = torch.is_grad_enabled
"""As it was before a student's code could put something in its place."""


class _Kept(list[Any]):
    """The items of an iterator argument: kept, so that they can be read back after the call."""


def _alive(argument: Any) -> Any:
    """The argument as the student's code gets it."""
    return (item for item in argument) if isinstance(argument, _Kept) else argument


def _tensors(thing: Any, levels: int = values.MAX_LEVELS) -> list[Tensor]:
    """All tensors in a value that carry gradient, in the order in which they cross the wire."""
    if type(thing) in (Tensor, torch.nn.Parameter):
        return [thing] if thing.requires_grad else []
    if isinstance(thing, torch.nn.utils.rnn.PackedSequence):
        return _tensors(thing.data)
    thing = values.listed(thing)
    items: Any = ()
    if issubclass(type(thing), list):
        items = list.__iter__(thing)
    elif issubclass(type(thing), tuple):
        items = tuple.__iter__(thing)
    elif type(thing) is dict:
        items = thing.values()
    return [tensor for item in items if levels for tensor in _tensors(item, levels - 1)]


def _reset_global_state(seed: int) -> None:
    """Every call starts from the same torch and its own random state, whatever came before it."""
    torch.set_grad_enabled(True)
    torch.set_default_dtype(torch.float32)
    torch.default_generator.manual_seed(seed)
    np.random.seed(seed % 2**32)
    random.seed(seed)


def _absent(number: int, name: str, names: dict[str, Any]) -> wire.Absent:
    found = words.describe(names[name]) if name in names else ""
    functions = [n for n, thing in list(names.items()) if type(n) is str and callable(thing)]
    public = sorted(words.sendable(n, 80) for n in functions if not n.startswith("_"))
    return wire.Absent(number, name, tuple(public[:200]), found)
