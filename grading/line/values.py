"""Python objects → the values that cross the line, and back.

The same two functions serve on both sides: `pack` on the way out, `unpack` on the way in. What
can't cross becomes words (`Opaque`), so that a check can say what came back instead.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch.nn.utils.rnn import PackedSequence

from grading.frames import MAX_ITEMS
from grading.line import tensors
from grading.line.words import describe, readable
from grading.wire import (
    ArrayValue,
    Items,
    Mapping,
    OpaqueValue,
    Packed,
    Ref,
    TensorValue,
    Value,
)

MAX_LEVELS = 32
"""Lists and dicts that stand in one another; what is nested deeper doesn't cross."""


_TEXTS = (str, bytes, bytearray, memoryview)
"""Sequences for Python, but of nothing that a caller would take one by one."""


class Opaque:
    """What stands on the grader's side for something that can't cross."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __repr__(self) -> str:
        return f"<{self.what}>"


def pack(thing: Any, keep: Callable[[Any], Ref | None], levels: int = MAX_LEVELS) -> Value:
    """Turn a Python object into a value; `keep` gives the `Ref` of what stays there, or None.

    An object is what its type is, whatever its `__class__` says. What is nested deeper than
    `levels` becomes words, as does what contains itself.
    """
    kind = type(thing)
    if kind in (torch.Tensor, torch.nn.Parameter):
        return tensors.pack_tensor(thing)
    if thing is None or kind is bool:
        return thing  # type: ignore[no-any-return]
    if kind is str:
        return readable(thing)
    if issubclass(kind, (int, np.integer)):
        return _pack_int(int(thing))
    if issubclass(kind, float):
        return float(thing)
    if kind is np.ndarray or issubclass(kind, np.generic):
        return tensors.pack_array(np.asarray(thing))
    if kind is PackedSequence:
        return tensors.pack_packed(thing)
    return _pack_container(thing, keep, levels) or keep(thing) or OpaqueValue(describe(thing))


def _pack_container(thing: Any, keep: Callable[[Any], Ref | None], levels: int) -> Value:
    """A sequence or a dict with text keys, item by item; None for anything else.

    A named tuple is a tuple, and any other sequence a list: of what class it is, nobody asked.
    """
    thing = listed(thing)
    kind = type(thing)
    plain = next((plain for plain in (list, tuple) if issubclass(kind, plain)), dict)
    is_mapping = kind is dict and all(type(key) is str for key in thing)
    if plain is dict and not is_mapping:
        return None
    if not levels:
        return OpaqueValue(f"something nested more than {MAX_LEVELS} deep")
    if (count := plain.__len__(thing)) > MAX_ITEMS:
        return OpaqueValue(f"a {plain.__name__} of {count:,} items, too large to be sent")
    if is_mapping:
        pairs = ((readable(key), pack(item, keep, levels - 1)) for key, item in thing.items())
        return Mapping(tuple(pairs))
    items = (pack(item, keep, levels - 1) for item in plain.__iter__(thing))
    return Items(plain.__name__, tuple(items))


def listed(thing: Any) -> Any:
    """A sequence that is neither a list nor a tuple, as a list; anything else as it is.

    One of more items than may be sent stays as it is, too: `range(10**9)` is quickly said.
    """
    kind = type(thing)
    if not issubclass(kind, Sequence) or issubclass(kind, (list, tuple, *_TEXTS)):
        return thing
    if len(thing) > MAX_ITEMS:
        return thing
    return [thing[index] for index in range(len(thing))]  # its own iterator may never end


def unpack(value: Value, fetch: Callable[[Ref], Any]) -> Any:
    """Turn a value into a Python object. `fetch` gives what a `Ref` stands for.

    Raises ViolationError where a tensor's shape and bytes don't fit together.
    """
    match value:
        case TensorValue():
            return tensors.unpack_tensor(value)
        case ArrayValue():
            return tensors.unpack_array(value)
        case Items(kind, items):
            return _unpack_items(kind, [unpack(item, fetch) for item in items])
        case Mapping(items):
            return {key: unpack(item, fetch) for key, item in items}
        case Packed():
            return tensors.unpack_packed(value)
        case Ref():
            return fetch(value)
        case OpaqueValue(what):
            return Opaque(what)
        case _:
            return value


def _pack_int(number: int) -> Value:
    if -(2**63) <= number < 2**63:
        return number
    return OpaqueValue("a whole number of more than 64 bits")


def _unpack_items(kind: str, items: list[Any]) -> Any:
    if kind == "iterator":
        return (item for item in items)
    return items if kind == "list" else tuple(items)
