"""Python objects → the values that cross the line, and back.

The same two functions serve on both sides: `pack` on the way out, `unpack` on the way in. What
can't cross becomes words (`Opaque`), so that a check can say what came back instead.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch.nn.utils.rnn import PackedSequence

from grading.wire import (
    MAX_FRAME,
    MAX_TEXT,
    ArrayValue,
    Items,
    Mapping,
    OpaqueValue,
    Packed,
    Ref,
    TensorValue,
    Value,
    ViolationError,
)

_DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (
        *(torch.float16, torch.bfloat16, torch.float32, torch.float64),
        *(torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool),
        *(torch.complex64, torch.complex128),
    )
}
_ARRAY_DTYPES = {np.dtype(kind).str: np.dtype(kind) for kind in "?bBhHiIqQefdFD"}
_MAX_ELEMENTS, _MAX_AXES = 2**31, 32
MAX_LEVELS = 32
"""Lists and dicts that stand in one another; what is nested deeper doesn't cross."""

_NAME_OF_TYPE = type.__dict__["__name__"]


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
    if thing is None or kind is bool:
        return thing  # type: ignore[no-any-return]
    if kind is str:
        return readable(thing)
    if issubclass(kind, int | np.integer):
        return _pack_int(int(thing))
    if issubclass(kind, float):
        return float(thing)
    if kind in (torch.Tensor, torch.nn.Parameter):
        return pack_tensor(thing)
    if kind is np.ndarray or issubclass(kind, np.generic):
        return _pack_array(np.asarray(thing))
    if kind is PackedSequence:
        return _pack_packed(thing)
    return _pack_container(thing, keep, levels) or keep(thing) or OpaqueValue(describe(thing))


def _pack_container(thing: Any, keep: Callable[[Any], Ref | None], levels: int) -> Value:
    """A list, a tuple or a dict with text keys, item by item; None for anything else.

    A named tuple is a tuple: of what class it is, nobody asked.
    """
    kind = type(thing)
    is_mapping = kind is dict and all(type(key) is str for key in thing)
    if kind is not list and not issubclass(kind, tuple) and not is_mapping:
        return None
    if not levels:
        return OpaqueValue(f"something nested more than {MAX_LEVELS} deep")
    if is_mapping:
        pairs = ((readable(key), pack(item, keep, levels - 1)) for key, item in thing.items())
        return Mapping(tuple(pairs))
    name, items = ("list", thing) if kind is list else ("tuple", tuple.__iter__(thing))
    return Items(name, tuple(pack(item, keep, levels - 1) for item in items))


def unpack(value: Value, fetch: Callable[[Ref], Any]) -> Any:
    """Turn a value into a Python object. `fetch` gives what a `Ref` stands for.

    Raises ViolationError where a tensor's shape and bytes don't fit together.
    """
    match value:
        case TensorValue():
            return unpack_tensor(value)
        case ArrayValue():
            return _unpack_array(value)
        case Items(kind, items):
            return _unpack_items(kind, [unpack(item, fetch) for item in items])
        case Mapping(items):
            return {key: unpack(item, fetch) for key, item in items}
        case Packed():
            return _unpack_packed(value)
        case Ref():
            return fetch(value)
        case OpaqueValue(what):
            return Opaque(what)
        case _:
            return value


def pack_tensor(tensor: torch.Tensor) -> TensorValue | OpaqueValue:
    """A dense tensor of one of the usual dtypes; anything else becomes words."""
    dtype = str(tensor.dtype).removeprefix("torch.")
    odd = _oddity(tensor, dtype)
    if odd:
        return OpaqueValue(odd)
    grad = pack_tensor(tensor.grad.detach()) if tensor.is_leaf and tensor.grad is not None else None
    plain = tensor.detach().resolve_conj().resolve_neg()
    dense = plain.clone(memory_format=torch.contiguous_format).reshape(-1)
    return TensorValue(
        dtype=dtype,
        shape=tuple(tensor.shape),
        data=dense.view(torch.uint8).numpy().tobytes() if dense.numel() else b"",
        requires_grad=tensor.requires_grad,
        contiguous=tensor.is_contiguous(),
        grad=grad if isinstance(grad, TensorValue) else None,
    )


def unpack_tensor(value: TensorValue) -> torch.Tensor:
    """The tensor, as a new leaf; one that wasn't contiguous still isn't."""
    dtype = _DTYPES.get(value.dtype)
    if dtype is None:
        raise ViolationError(f"sent a tensor of dtype {value.dtype[:40]!r}")
    _check_size(value.shape, dtype.itemsize, len(value.data))
    if value.data:
        tensor = _from_bytes(value.data, dtype).reshape(value.shape)
    else:
        tensor = torch.empty(value.shape, dtype=dtype)
    if not value.contiguous:
        tensor = torch.stack([tensor, tensor], dim=-1)[..., 0]
    if value.requires_grad and (dtype.is_floating_point or dtype.is_complex):
        tensor.requires_grad_()
    if value.grad is not None:
        if value.grad.grad is not None:
            raise ViolationError("sent a gradient that has a gradient")
        grad = unpack_tensor(value.grad)
        if (grad.shape, grad.dtype) != (tensor.shape, tensor.dtype):
            raise ViolationError("sent a gradient of another shape or dtype than its tensor")
        tensor.grad = grad.detach()
    return tensor


def _from_bytes(data: bytes, dtype: torch.dtype) -> torch.Tensor:
    """The numbers that these bytes hold; of truths, every byte but 0 is True."""
    if dtype is torch.bool:
        return torch.frombuffer(bytearray(data), dtype=torch.uint8) != 0
    return torch.frombuffer(bytearray(data), dtype=dtype)


def readable(text: str) -> str:
    """The text, with what no encoding can carry (half a surrogate pair) spelled out."""
    return text.encode("utf-8", "backslashreplace").decode()


def told(text: str, most: int = MAX_TEXT) -> str:
    """The text, readable and cut to what a worker may tell."""
    return readable(text[:most])[:most]


def name_of(kind: type) -> str:
    """A class's name, cut, whatever its own class makes of `__name__`."""
    return told(_NAME_OF_TYPE.__get__(kind), 80)


def describe(thing: Any) -> str:
    """What kind of thing this is, in words, without calling anything of its own."""
    kind = type(thing)
    name = name_of(kind)
    if issubclass(kind, torch.Tensor):
        return f"an object of class {name}, a subclass of Tensor"
    if issubclass(kind, type):
        return "a class"
    if issubclass(kind, tuple):  # torch.max along an axis gives one that is called "max"
        return f"a tuple of class {name}"[:120]
    article = "an" if name[:1].lower() in "aeiou" else "a"
    return f"{article} {name}"


def _oddity(tensor: torch.Tensor, dtype: str) -> str:
    if tensor.is_nested:
        return "a nested tensor"
    if tensor.layout != torch.strided:
        return f"a tensor with layout {tensor.layout}".replace("torch.", "")
    if tensor.device.type != "cpu":
        return f"a tensor on device {tensor.device.type}"
    if dtype not in _DTYPES:
        return f"a tensor of dtype {dtype}"
    return _too_large("a tensor", tuple(tensor.shape), tensor.numel() * tensor.element_size())


def _too_large(what: str, shape: tuple[int, ...], size: int) -> str:
    """What is said of a tensor or array that no frame takes; nothing of any other."""
    if len(shape) > _MAX_AXES:
        return f"{what} of {len(shape)} axes"
    if size > MAX_FRAME // 2 or _elements(shape) > _MAX_ELEMENTS:
        return f"{what} of shape {shape}, too large to be sent"
    return ""


def _elements(shape: tuple[int, ...]) -> int:
    """The product of the axes that aren't empty."""
    return math.prod(size for size in shape if size)


def _check_size(shape: tuple[int, ...], itemsize: int, length: int) -> None:
    if len(shape) > _MAX_AXES or any(size < 0 for size in shape):
        raise ViolationError("sent a tensor whose shape is impossible")
    if _elements(shape) > _MAX_ELEMENTS:
        raise ViolationError("sent a tensor whose shape is impossible")
    if math.prod(shape) * itemsize != length:
        raise ViolationError(f"sent {length} bytes for a tensor of shape {shape!r:.80}")


def _pack_int(number: int) -> Value:
    if -(2**63) <= number < 2**63:
        return number
    return OpaqueValue("a whole number of more than 64 bits")


def _pack_array(array: np.ndarray[Any, Any]) -> Value:
    if array.dtype.str not in _ARRAY_DTYPES:
        return OpaqueValue(told(f"an array of dtype {array.dtype}"))
    too_large = _too_large("an array", array.shape, array.nbytes)
    if too_large:
        return OpaqueValue(too_large)
    return ArrayValue(array.dtype.str, array.shape, array.tobytes())


def _unpack_array(value: ArrayValue) -> np.ndarray[Any, Any]:
    dtype = _ARRAY_DTYPES.get(value.dtype)
    if dtype is None:
        raise ViolationError(f"sent an array of dtype {value.dtype[:40]!r}")
    _check_size(value.shape, dtype.itemsize, len(value.data))
    array = np.frombuffer(bytearray(value.data), dtype="u1" if dtype.kind == "b" else dtype)
    return (array != 0 if dtype.kind == "b" else array).reshape(value.shape)


def _unpack_items(kind: str, items: list[Any]) -> Any:
    if kind == "iterator":
        return (item for item in items)
    return items if kind == "list" else tuple(items)


def _pack_packed(packed: PackedSequence) -> Value:
    parts = [None if part is None else pack_tensor(part) for part in packed]
    if any(isinstance(part, OpaqueValue) for part in parts):
        return OpaqueValue("a PackedSequence of tensors that can't be sent")
    if not _adds_up(*packed):
        return OpaqueValue("a PackedSequence whose pieces don't fit together")
    return Packed(*parts)  # type: ignore[arg-type]


def _unpack_packed(value: Packed) -> PackedSequence:
    parts = (value.data, value.batch_sizes, value.sorted_indices, value.unsorted_indices)
    tensors = [None if part is None else unpack_tensor(part) for part in parts]
    if not _adds_up(*tensors):
        raise ViolationError("sent an impossible PackedSequence")
    return PackedSequence(*tensors)  # type: ignore[arg-type]


def _adds_up(
    data: torch.Tensor | None, batch_sizes: torch.Tensor | None, *orders: torch.Tensor | None
) -> bool:
    """Can torch unpack this PackedSequence? Its own code trusts what it is given.

    The batch sizes never grow and add up to the steps; the orders are permutations of the rows.
    """
    if data is None or batch_sizes is None or not data.ndim or batch_sizes.dtype != torch.int64:
        return False
    sizes = batch_sizes.tolist() if batch_sizes.ndim == 1 else []
    rows = list(range(sizes[0])) if sizes and 0 < sizes[0] <= len(data) else []
    return (
        bool(rows)
        and sizes == sorted(sizes, reverse=True)
        and sizes[-1] > 0
        and sum(sizes) == len(data)
        and all(order is None or _is_order(order, rows) for order in orders)
    )


def _is_order(order: torch.Tensor, rows: list[int]) -> bool:
    return order.dtype == torch.int64 and order.ndim == 1 and sorted(order.tolist()) == rows
