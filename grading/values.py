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
_MAX_ELEMENTS = 2**31


class Opaque:
    """What stands on the grader's side for something that can't cross."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __repr__(self) -> str:
        return f"<{self.what}>"


def pack(thing: Any, keep: Callable[[Any], Ref | None]) -> Value:
    """Turn a Python object into a value; `keep` gives the `Ref` of what stays there, or None."""
    if thing is None or isinstance(thing, bool):
        return thing
    if type(thing) is str:
        return readable(thing)
    if isinstance(thing, int | np.integer):
        return _pack_int(int(thing))
    if isinstance(thing, float):
        return float(thing)
    if type(thing) in (torch.Tensor, torch.nn.Parameter):
        return pack_tensor(thing)
    if type(thing) is np.ndarray or isinstance(thing, np.generic):
        return _pack_array(np.asarray(thing))
    if type(thing) is PackedSequence:
        return _pack_packed(thing)
    if type(thing) in (list, tuple, torch.Size):
        kind = "list" if type(thing) is list else "tuple"
        return Items(kind, tuple(pack(item, keep) for item in thing))
    if type(thing) is dict and all(type(key) is str for key in thing):
        return Mapping(tuple((readable(key), pack(item, keep)) for key, item in thing.items()))
    return keep(thing) or OpaqueValue(describe(thing))


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
    grad = pack_tensor(tensor.grad) if tensor.is_leaf and tensor.grad is not None else None
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
        tensor = torch.frombuffer(bytearray(value.data), dtype=dtype).reshape(value.shape)
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


def readable(text: str) -> str:
    """The text, with what no encoding can carry (half a surrogate pair) spelled out."""
    return text.encode("utf-8", "backslashreplace").decode()


def describe(thing: Any) -> str:
    """What kind of thing this is, in words, without calling anything of its own."""
    kind = type(thing)
    name = readable(type.__getattribute__(kind, "__name__"))
    if issubclass(kind, torch.Tensor):
        return f"an object of class {name}, a subclass of Tensor"
    if issubclass(kind, type):
        return "a class"
    if issubclass(kind, tuple):  # torch.max along an axis gives one that is called "max"
        return f"a tuple of class {name}"[:120]
    article = "an" if name[:1].lower() in "aeiou" else "a"
    return f"{article} {name}"[:120]


def _oddity(tensor: torch.Tensor, dtype: str) -> str:
    if tensor.layout != torch.strided:
        return f"a tensor with layout {tensor.layout}".replace("torch.", "")
    if tensor.device.type != "cpu":
        return f"a tensor on device {tensor.device.type}"
    if dtype not in _DTYPES:
        return f"a tensor of dtype {dtype}"
    if tensor.numel() * tensor.element_size() > MAX_FRAME // 2:
        return f"a tensor of shape {tuple(tensor.shape)}, too large to be sent"
    return ""


def _check_size(shape: tuple[int, ...], itemsize: int, length: int) -> None:
    elements = math.prod(size for size in shape if size)
    if len(shape) > 32 or any(size < 0 for size in shape) or elements > _MAX_ELEMENTS:
        raise ViolationError("sent a tensor whose shape is impossible")
    if math.prod(shape) * itemsize != length:
        raise ViolationError(f"sent {length} bytes for a tensor of shape {shape!r:.80}")


def _pack_int(number: int) -> Value:
    if -(2**63) <= number < 2**63:
        return number
    return OpaqueValue("a whole number of more than 64 bits")


def _pack_array(array: np.ndarray[Any, Any]) -> Value:
    if array.dtype.str not in _ARRAY_DTYPES:
        return OpaqueValue(f"an array of dtype {array.dtype}")
    if array.nbytes > MAX_FRAME // 2:
        return OpaqueValue(f"an array of shape {array.shape}, too large to be sent")
    return ArrayValue(array.dtype.str, array.shape, array.tobytes())


def _unpack_array(value: ArrayValue) -> np.ndarray[Any, Any]:
    dtype = _ARRAY_DTYPES.get(value.dtype)
    if dtype is None:
        raise ViolationError(f"sent an array of dtype {value.dtype[:40]!r}")
    _check_size(value.shape, dtype.itemsize, len(value.data))
    return np.frombuffer(bytearray(value.data), dtype=dtype).reshape(value.shape)


def _unpack_items(kind: str, items: list[Any]) -> Any:
    if kind == "iterator":
        return (item for item in items)
    return items if kind == "list" else tuple(items)


def _pack_packed(packed: PackedSequence) -> Value:
    parts = [None if part is None else pack_tensor(part) for part in packed]
    if any(isinstance(part, OpaqueValue) for part in parts):
        return OpaqueValue("a PackedSequence of tensors that can't be sent")
    return Packed(*parts)  # type: ignore[arg-type]


def _unpack_packed(value: Packed) -> PackedSequence:
    parts = (value.data, value.batch_sizes, value.sorted_indices, value.unsorted_indices)
    tensors = [None if part is None else unpack_tensor(part) for part in parts]
    if any(tensor.ndim != 1 for tensor in tensors[1:] if tensor is not None):
        raise ViolationError("sent an impossible PackedSequence")
    try:
        return PackedSequence(*tensors)  # type: ignore[arg-type]
    except (TypeError, ValueError, RuntimeError, IndexError) as error:
        raise ViolationError(f"sent an impossible PackedSequence: {error}") from None
