"""Tensors, arrays and packed sequences → dtype, shape and bytes, and back.

The bytes that come back are a stranger's: whatever doesn't fit together is a ViolationError.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch.nn.utils.rnn import PackedSequence

from grading.counting import counted
from grading.frames import MAX_FRAME, MAX_ITEMS
from grading.line.words import sendable
from grading.wire import (
    ArrayValue,
    OpaqueValue,
    Packed,
    TensorValue,
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
_MAX_AXES = 8
"""No answer has more than four; numbers nested very deep cost whoever lists them gigabytes."""


def pack_tensor(tensor: torch.Tensor) -> TensorValue | OpaqueValue:
    """A dense tensor of one of the usual dtypes; anything else becomes words."""
    dtype = str(tensor.dtype).removeprefix("torch.")
    odd = _oddity(tensor, dtype)
    if odd:
        return OpaqueValue(odd)
    grad = pack_tensor(tensor.grad.detach()) if tensor.is_leaf and tensor.grad is not None else None
    if isinstance(grad, TensorValue) and (grad.dtype, grad.shape) != (dtype, tuple(tensor.shape)):
        return OpaqueValue(f"a tensor of dtype {dtype} whose .grad has dtype {grad.dtype}")
    return TensorValue(
        dtype=dtype,
        shape=tuple(tensor.shape),
        data=_to_bytes(tensor.detach()),
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


def _to_bytes(tensor: torch.Tensor) -> bytes:
    """The numbers in order, whatever the strides are; NumPy knows no bfloat16."""
    plain = tensor.resolve_conj().resolve_neg()
    if plain.dtype is torch.bfloat16:
        plain = plain.view(torch.int16)
    return plain.numpy().tobytes()


def _from_bytes(data: bytes, dtype: torch.dtype) -> torch.Tensor:
    """The numbers that these bytes hold; of truths, every byte but 0 is True."""
    if dtype is torch.bool:
        return torch.frombuffer(bytearray(data), dtype=torch.uint8) != 0
    return torch.frombuffer(bytearray(data), dtype=dtype)


def pack_array(array: np.ndarray[Any, Any]) -> ArrayValue | OpaqueValue:
    """An array of numbers or truths, in this machine's order of bytes; any other becomes words."""
    if array.dtype.str not in _ARRAY_DTYPES:
        return OpaqueValue(sendable(f"an array of dtype {array.dtype}"))
    too_large = _too_large("an array", array.shape, array.nbytes)
    if too_large:
        return OpaqueValue(too_large)
    return ArrayValue(array.dtype.str, array.shape, array.tobytes())


def unpack_array(value: ArrayValue) -> np.ndarray[Any, Any]:
    """The array, which shares no memory with the value."""
    dtype = _ARRAY_DTYPES.get(value.dtype)
    if dtype is None:
        raise ViolationError(f"sent an array of dtype {value.dtype[:40]!r}")
    _check_size(value.shape, dtype.itemsize, len(value.data))
    array = np.frombuffer(bytearray(value.data), dtype="u1" if dtype.kind == "b" else dtype)
    return (array != 0 if dtype.kind == "b" else array).reshape(value.shape)


def pack_packed(packed: PackedSequence) -> Packed | OpaqueValue:
    """A PackedSequence; one that torch couldn't unpack, or of odd tensors, becomes words."""
    parts = [None if part is None else pack_tensor(part) for part in packed]
    if any(isinstance(part, OpaqueValue) for part in parts):
        return OpaqueValue("a PackedSequence of tensors that can't be sent")
    if not _adds_up(*packed):
        return OpaqueValue("a PackedSequence whose parts don't match")
    return Packed(*parts)  # type: ignore[arg-type]


def unpack_packed(value: Packed) -> PackedSequence:
    """The PackedSequence. Raises ViolationError where torch could not unpack it.

    One may end in steps at which no row is left: they hold nothing, and are left out.
    """
    parts = (value.data, value.batch_sizes, value.sorted_indices, value.unsorted_indices)
    data, sizes, *orders = (None if part is None else unpack_tensor(part) for part in parts)
    if not _adds_up(data, sizes, *orders):
        raise ViolationError("sent an impossible PackedSequence")
    return PackedSequence(data, sizes[sizes > 0], *orders)  # type: ignore[index, operator, arg-type]


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
        and sizes[-1] >= 0
        and sum(sizes) == len(data)
        and all(order is None or _is_order(order, rows) for order in orders)
    )


def _is_order(order: torch.Tensor, rows: list[int]) -> bool:
    return order.dtype == torch.int64 and order.ndim == 1 and sorted(order.tolist()) == rows


# --- what is odd, or too large -------------------------------------------------------------------


def _oddity(tensor: torch.Tensor, dtype: str) -> str:
    if tensor.is_nested:
        return "a nested tensor"
    if tensor.layout != torch.strided:
        return f"a tensor that isn't dense (layout {tensor.layout})".replace("torch.", "")
    if tensor.device.type != "cpu":
        return f"a tensor on device {tensor.device.type}"
    if dtype not in _DTYPES:
        return f"a tensor of dtype {dtype}"
    return _too_large("a tensor", tuple(tensor.shape), tensor.numel() * tensor.element_size())


def _too_large(what: str, shape: tuple[int, ...], size: int) -> str:
    """What is said of a tensor or array that no frame takes; nothing of any other."""
    if len(shape) > _MAX_AXES:
        return f"{what} of {len(shape)} axes"
    if size > MAX_FRAME // 2 or _rows(shape) > MAX_ITEMS:
        return f"{what} of shape {shape}, too large to be sent"
    return ""


def _rows(shape: tuple[int, ...]) -> int:
    """Of a tensor without elements, how many empty rows it has: no bytes, but work for us."""
    return math.prod(size for size in shape if size) if 0 in shape else 0


def _check_size(shape: tuple[int, ...], itemsize: int, length: int) -> None:
    if len(shape) > _MAX_AXES or any(size < 0 for size in shape):
        raise ViolationError("sent a tensor whose shape is impossible")
    if _rows(shape) > MAX_ITEMS:
        raise ViolationError("sent a tensor whose shape is impossible")
    if math.prod(shape) * itemsize != length:
        raise ViolationError(f"sent {counted(length, 'byte')} for a tensor of shape {shape!r:.80}")
