"""Notes which of the watched torch names a call uses, for the parts that are to be done by hand.

For honest use: a name is noted when its function is called, when its class (or a subclass) is
built, or when its attribute gives something, while a watch is on. The grader reads the part's
source as well.
"""

from __future__ import annotations

import functools
import importlib
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from torch._ops import OpOverloadPacket


class Watch:
    """Wraps torch functions and constructors once, and notes their use while switched on."""

    def __init__(self) -> None:
        self._wrapped: set[str] = set()
        self._before: list[tuple[Any, str, Any]] = []
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
        for owner, attribute, original in reversed(self._before):
            setattr(owner, attribute, original)
        self._before.clear()
        self._wrapped.clear()

    def note(self, *names: str) -> None:
        """From now on, note uses of these names alone; what was noted before is forgotten."""
        self._used, self._noting = [], frozenset(names)

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
        owner, attribute = self._owner(name)
        original = getattr(owner, attribute)
        if isinstance(original, OpOverloadPacket):  # stays one: torch asks it for more than a call
            kinds: list[str] = original.overloads()  # type: ignore[no-untyped-call]  # torch's own
            for op in (original, *(getattr(original, kind) for kind in kinds)):
                self._replace(op, "_op", _Kernel(self._noted(name, op._op), hash(op)))
        elif isinstance(original, type):
            self._replace(original, "__init__", self._noted(name, original.__init__))  # type: ignore[misc]
        elif isinstance(original, types.GetSetDescriptorType):
            self._replace(owner, attribute, property(self._noted_if_there(name, original)))
        else:
            self._replace(owner, attribute, self._noted(name, original))

    def _replace(self, owner: Any, attribute: str, new: Any) -> None:
        self._before.append((owner, attribute, getattr(owner, attribute)))
        setattr(owner, attribute, new)

    def _owner(self, name: str) -> tuple[Any, str]:
        """The module or object that holds a dotted name, and the name's last piece.

        In the place of an object of C, whose attributes can't be set, there will be a stand-in.
        """
        path, _, attribute = name.rpartition(".")
        try:
            return importlib.import_module(path), attribute
        except ImportError:
            outer, inner = self._owner(path)
        owner = getattr(outer, inner)
        if not hasattr(owner, "__dict__"):
            self._replace(outer, inner, owner := _stand_in(owner))
        return owner, attribute

    def _noted(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original, updated=())  # what it carries may be a way around
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            self._note(name)
            return original(*args, **kwargs)

        del wrapper.__wrapped__  # and so would this
        return wrapper

    def _noted_if_there(self, name: str, original: Any) -> Callable[[Any], Any]:
        def read(thing: Any) -> Any:
            found = original.__get__(thing)
            if found is not None:
                self._note(name)
            return found

        return read

    def _note(self, name: str) -> None:
        if name in self._noting and name not in self._used:
            self._used.append(name)


class _Kernel:
    """A noted kernel of an operator: torch finds the operator in its tables by the hash of it."""

    def __init__(self, noted: Callable[..., Any], own_hash: int) -> None:
        functools.update_wrapper(self, noted)
        del vars(self)["__wrapped__"]
        self._noted, self._hash = noted, own_hash

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._noted(*args, **kwargs)

    def __hash__(self) -> int:
        return self._hash


def _stand_in(inner: Any) -> Any:
    """Gives what another object gives, and what was set here in the place of it."""

    class StandIn:
        def __getattr__(self, name: str) -> Any:
            return getattr(inner, name)

    return StandIn()
