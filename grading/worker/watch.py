"""Notes which of the watched torch names a call uses, for the parts that are to be done by hand.

For honest use: a name is noted when its function is called, or when its class (or a subclass) is
built, while a watch is on. The grader reads the part's source as well.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


class Watch:
    """Wraps torch functions and constructors once, and notes their use while switched on."""

    def __init__(self) -> None:
        self._wrapped: dict[str, tuple[Any, str, Any]] = {}
        self._noting: frozenset[str] = frozenset()
        self._used: list[str] = []

    def install(self, names: tuple[str, ...]) -> None:
        """Wrap these dotted torch names. Unknown names raise AttributeError or ImportError."""
        for name in names:
            if name not in self._wrapped:
                self._wrap(name)

    def remove(self) -> None:
        """Put everything back as it was."""
        for owner, attribute, original in reversed(self._wrapped.values()):
            setattr(owner, attribute, original)
        self._wrapped.clear()

    @contextmanager
    def noting(self, names: tuple[str, ...]) -> Iterator[list[str]]:
        """While open, note uses of these names in the list that is given."""
        self._used, self._noting = [], frozenset(names)
        try:
            yield self._used
        finally:
            self._noting = frozenset()

    def _wrap(self, name: str) -> None:
        owner, attribute = _owner(name)
        original = getattr(owner, attribute)
        if isinstance(original, type):
            owner, attribute = original, "__init__"
            original = getattr(owner, attribute)
        setattr(owner, attribute, self._noted(name, original))
        self._wrapped[name] = (owner, attribute, original)

    def _noted(self, name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def wrapper(*args: Any, **kwargs: Any) -> Any:
            if name in self._noting and name not in self._used:
                self._used.append(name)
            return original(*args, **kwargs)

        del wrapper.__wrapped__  # it would be a way around
        return wrapper


def _owner(name: str) -> tuple[Any, str]:
    """The module or class that holds a dotted name, and the name's last piece."""
    path, _, attribute = name.rpartition(".")
    try:
        return importlib.import_module(path), attribute
    except ImportError:
        outer, inner = _owner(path)
        return getattr(outer, inner), attribute
