"""Objects that stay in the worker, and the services by which the grader's side uses them.

Tests hand a student's code real modules, optimizers and generators. These are made here from a
short list of torch's and NumPy's own classes, and are known to the other side by a number.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from grading import wire
from grading.line import words


class RefusedError(Exception):
    """A service can't do what was asked; the text says why."""


def chain(**modules: nn.Module) -> nn.Sequential:
    """Named submodules, called one after the other."""
    return nn.Sequential(OrderedDict(modules))


class Pick(nn.Module):
    """Passes on one piece of what it gets: Pick(1, -1) gives value[1][-1]."""

    def __init__(self, *path: int) -> None:
        super().__init__()
        self.path = path

    def forward(self, value: Any) -> Any:
        """Follow the path of indices into the value."""
        for index in self.path:
            value = value[index]
        return value


class Spy(nn.Module):
    """Passes its input on, and notes at each forward how it was called; copies share their notes.

    A note says: training mode? gradients enabled? does the input carry gradient?
    """

    def __init__(self, seen: list[tuple[bool, bool, bool]] | None = None) -> None:
        super().__init__()
        self.seen: list[tuple[bool, bool, bool]] = [] if seen is None else seen

    def __deepcopy__(self, memo: dict[int, Any]) -> Spy:
        copied = Spy(self.seen)
        copied.train(self.training)
        return copied

    def forward(self, value: Any) -> Any:
        """Take the note; change nothing."""
        carries = isinstance(value, Tensor) and value.requires_grad
        self.seen.append((self.training, torch.is_grad_enabled(), carries))
        return value


_MAKERS: dict[str, Callable[..., Any]] = {
    "numpy.random.default_rng": np.random.default_rng,
    "Chain": chain,
    "Pick": Pick,
    "Spy": Spy,
}
_KEPT = (nn.Module, torch.optim.Optimizer, torch.Generator, np.random.Generator)


class Objects:
    """The worker's table of objects, and what can be done with them.

    Objects that the grader has made have the numbers that it gave them, from 1 up; those that come
    back from the student's code are numbered here, from -1 down.
    """

    def __init__(self) -> None:
        self._things: dict[int, Any] = {}
        self._last_own = 0
        self.own_module = ""

    def keep(self, thing: Any) -> wire.Ref | None:
        """Number an object that stays here; None for one that has no business on the wire."""
        own = type(thing).__module__ == self.own_module and not isinstance(thing, Tensor)
        if not own and not isinstance(thing, _KEPT):
            return None
        number = self._last_own = self._last_own - 1
        self._things[number] = thing
        return wire.Ref(number, words.name_of(type(thing)), issubclass(type(thing), nn.Module))

    def fetch(self, ref: wire.Ref) -> Any:
        """The object of a number."""
        return self.get(ref.number)

    def get(self, number: int) -> Any:
        """The object of a number. Raises RefusedError for one that was forgotten."""
        if number not in self._things:
            raise RefusedError("that object is no longer there")
        return self._things[number]

    def forget(self) -> None:
        """Drop all objects: a new example begins."""
        self._things.clear()

    def make(self, number: int, name: str, *args: Any, **kwargs: Any) -> None:
        """Build an object of torch's or NumPy's own by its dotted name; it gets this number.

        An optimizer is built for a module, or for several, each a group of parameters.
        """
        if name.startswith("torch.optim.") and args and isinstance(args[0], nn.Module):
            args = (args[0].parameters(), *args[1:])
        elif name.startswith("torch.optim.") and args and isinstance(args[0], list):
            args = ([{"params": module.parameters()} for module in args[0]], *args[1:])
        self._things[number] = _maker(name)(*args, **kwargs)

    def state(self, module: Any) -> dict[str, Tensor]:
        """The module's parameters and buffers by name."""
        return {name: value.detach() for name, value in _module(module).state_dict().items()}

    def load(self, module: Any, state: dict[str, Tensor]) -> None:
        """Set parameters and buffers by name, and take their dtype; those not named keep values."""
        module = _module(module)
        for dtype in {value.dtype for value in state.values() if value.is_floating_point()}:
            module.to(dtype)
        _check_names_and_shapes(module, state)
        try:
            module.load_state_dict(state, strict=False)
        except RuntimeError as error:
            raise RefusedError(str(error)) from None

    def gradients(self, module: Any) -> dict[str, Tensor | None]:
        """Each parameter's `.grad` by name; one that has two names is listed under both."""
        named = _module(module).named_parameters(remove_duplicate=False)
        return {name: None if p.grad is None else p.grad.detach() for name, p in named}

    def learned_beside(self, module: Any, parts: list[str]) -> bool:
        """Has a parameter got a gradient that is in none of these submodules, by whatever name?"""
        module = _module(module)
        known = {id(p) for name in parts for p in module.get_submodule(name).parameters()}
        others = (p.grad for p in module.parameters() if id(p) not in known)
        return any(grad is not None and bool(grad.any()) for grad in others)

    def set_gradients(self, module: Any, gradients: dict[str, Tensor | None]) -> None:
        """Set each parameter's `.grad`."""
        for name, parameter in _module(module).named_parameters():
            grad = gradients[name]
            parameter.grad = None if grad is None else grad.clone()

    def trainable(self, module: Any) -> dict[str, bool]:
        """Does each parameter ask for gradients?"""
        return {name: p.requires_grad for name, p in _module(module).named_parameters()}

    def freeze(self, module: Any, names: list[str]) -> None:
        """Let these parameters ask for no gradients."""
        for name in names:
            _module(module).get_parameter(name).requires_grad_(False)

    def training(self, module: Any) -> bool:
        """Is the module in training mode?"""
        return bool(_module(module).training)

    def train(self, module: Any, mode: bool) -> None:
        """Switch training mode on or off."""
        _module(module).train(mode)

    def to(self, module: Any, dtype: str) -> None:
        """Turn the module's floating-point numbers into another dtype."""
        _module(module).to(getattr(torch, dtype))

    def step(self, optimizer: Any) -> None:
        """Let an optimizer take one step by the gradients that are there, and forget these."""
        if not isinstance(optimizer, torch.optim.Optimizer):
            raise RefusedError("this object is no optimizer")
        optimizer.step()
        optimizer.zero_grad()

    def seen(self, spy: Any) -> list[tuple[bool, bool, bool]]:
        """What a Spy noted at each forward."""
        if not isinstance(spy, Spy):
            raise RefusedError("this object is not a Spy")
        return spy.seen


def _maker(name: str) -> Callable[..., Any]:
    if name in _MAKERS:
        return _MAKERS[name]
    for prefix, home in (("torch.nn.", nn), ("torch.optim.", torch.optim)):
        found = getattr(home, name.removeprefix(prefix), None) if name.startswith(prefix) else None
        if isinstance(found, type) and issubclass(found, nn.Module | torch.optim.Optimizer):
            return found
    raise RefusedError(f"{name} is not among the objects that can be made")


def _check_names_and_shapes(module: nn.Module, state: dict[str, Tensor]) -> None:
    """Raises RefusedError where the module has no such parameters, or has them in another shape."""
    own, parts = module.state_dict(), dict(module.named_children())
    missing = sorted(
        {
            name if (part := name.partition(".")[0]) in parts else part
            for name in state
            if name not in own
        }
    )
    if missing:
        more = f" and {len(missing) - 2} more" if len(missing) > 2 else ""
        raise RefusedError(
            f"the module has no {' and no '.join(missing[:2])}{more}"
            f"{'' if set(missing) <= set(state) else _instead(set(parts) - set(missing))}"
        )
    for name, value in state.items():
        if own[name].shape != value.shape:
            seen, right = tuple(own[name].shape), tuple(value.shape)
            raise RefusedError(f"the shape of {name} is {seen}, expected {right}")


def _instead(parts: set[str]) -> str:
    """What a module has in place of the submodules that were looked for."""
    if not parts:
        return " (what belongs to a module is set on self)"
    return f": it has {' and '.join(words.sendable(name, 80) for name in sorted(parts)[:5])}"


def _module(thing: Any) -> nn.Module:
    if isinstance(thing, nn.Module):
        return thing
    raise RefusedError(f"{words.describe(thing)} is no torch.nn.Module")
