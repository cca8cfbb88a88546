"""Notes which of the watched torch names a call uses, for the parts that are to be done by hand.

A function is noted when it is called, a class when it (or a subclass) is built; a kernel in torch's
dispatcher, whatever way leads there; and a backward pass by what it reads of its graph, whoever
began it. For honest use: code that rewrites its worker can hide. The grader reads the part's source
as well.
"""

from __future__ import annotations

import functools
import pkgutil
import types
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import saved_tensors_hooks
from torch.library import Library, get_kernel

BACKWARD = "torch.autograd.backward"
"""Where this one is watched, each backward pass is."""

_KEYS = ("CPU", "AutogradCPU", "AutogradMeta")
"""Under which torch's dispatcher finds a kernel: without gradients, with them, for shapes alone."""

_OF_C = types.BuiltinFunctionType | types.MethodDescriptorType
"""What a function or method that is a kernel's name is in Python."""


class Watch:
    """Wraps torch functions and constructors once, and notes their use while switched on."""

    def __init__(self) -> None:
        self._wrapped: set[str] = set()
        self._before: list[tuple[Any, str, Any]] = []
        self._kernels: list[Any] = []
        self._hooks, self._graphs = saved_tensors_hooks(_saved, self._read_back), ExitStack()
        self._noting: frozenset[str] = frozenset()
        self._used: list[str] = []

    def install(self, names: tuple[str, ...]) -> None:
        """Wrap these dotted torch names. Unknown names raise AttributeError or ImportError."""
        for name in names:
            if name not in self._wrapped:
                self._wrap(name)
                self._wrapped.add(name)

    def remove(self) -> None:
        """Put everything back as it was."""
        self.note()
        while self._kernels:
            self._kernels.pop()._destroy()
        while self._before:
            setattr(*self._before.pop())
        self._wrapped.clear()

    def note(self, *names: str) -> None:
        """From now on, note uses of these names alone; what was noted before is forgotten."""
        self._used, self._noting = [], frozenset(names)
        self._graphs.close()
        if BACKWARD in names:
            self._graphs.enter_context(self._hooks)

    def taken(self) -> tuple[str, ...]:
        """What was noted since the last time."""
        used, self._used = tuple(self._used), []
        return used

    @contextmanager
    def resting(self) -> Iterator[None]:
        """While open, nothing is noted."""
        noting, self._noting = self._noting, frozenset()
        try:
            yield
        finally:
            self._noting = noting

    def _wrap(self, name: str) -> None:
        path, _, attribute = name.rpartition(".")
        owner = pkgutil.resolve_name(path)
        original = getattr(owner, attribute)
        if isinstance(original, type):
            self._replace(original, "__init__", self._noted(name, original.__init__))  # type: ignore[misc]
        elif isinstance(original, _OF_C) and hasattr(torch.ops.aten, attribute):
            self._register(name, getattr(torch.ops.aten, attribute))
        else:
            self._replace(owner, attribute, self._noted(name, original))

    def _replace(self, owner: Any, attribute: str, new: Any) -> None:
        self._before.append((owner, attribute, getattr(owner, attribute)))
        setattr(owner, attribute, new)

    def _register(self, name: str, operator: Any) -> None:
        """Put noted kernels of an operator in the dispatcher, each in the place of its own."""
        kernels: Any = Library("aten", "IMPL")  # type: ignore[no-untyped-call]  # torch's own
        self._kernels.append(kernels)
        for overload in (getattr(operator, kind) for kind in operator.overloads()):
            if not torch._C._dispatch_has_kernel(overload.name()):
                continue  # one for plain numbers, that only a compiled text calls
            found = {key: get_kernel(overload, key) for key in _KEYS}  # all, before any is replaced
            for key, kernel in found.items():
                noted = self._noted(name, kernel.call_boxed)
                with warnings.catch_warnings(action="ignore"):  # that there was one before
                    kernels.impl(overload, noted, key, with_keyset=True)

    def _noted(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original, updated=())  # what it carries may be a way around
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            self._note(name)
            return original(*args, **kwargs)

        del wrapper.__wrapped__  # and so would this
        return wrapper

    def _read_back(self, tensor: Tensor) -> Tensor:
        """What a graph had saved, for the backward pass that asks for it now."""
        self._note(BACKWARD)
        return tensor

    def _note(self, name: str) -> None:
        if name in self._noting and name not in self._used:
            self._used.append(name)


def _saved(tensor: Tensor) -> Tensor:
    """What a graph saves for a backward pass: the tensor as it is."""
    return tensor
