"""Frames on the pipe between the grader and the worker: calls, replies, and the values they carry.

A frame is four bytes of length (big endian) and that many bytes of msgpack, decoded strictly into
one of the structs below. Nothing is pickled in either direction. Tensors and arrays travel as
dtype, shape and bytes; objects that must stay in the worker travel as a number (`Ref`).
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import numpy as np
import torch
from torch.nn.utils.rnn import PackedSequence

MAX_FRAME = 64 * 1024 * 1024
"""Bytes. The largest honest frame of the exercises has under 1 MiB."""

_LENGTH = struct.Struct(">I")
_DTYPES = {
    str(dtype).removeprefix("torch."): dtype
    for dtype in (
        *(torch.float16, torch.bfloat16, torch.float32, torch.float64),
        *(torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool),
        *(torch.complex64, torch.complex128),
    )
}
_ARRAY_KINDS = "biufc"


class ViolationError(Exception):
    """A frame that no honest worker sends. The text says what was wrong with it."""


# --- values ---------------------------------------------------------------------------------


class TensorValue(msgspec.Struct, frozen=True, tag="tensor"):
    """A tensor: its numbers, whether it carries gradient, and its `.grad`."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes
    requires_grad: bool = False
    contiguous: bool = True
    grad: TensorValue | None = None


class ArrayValue(msgspec.Struct, frozen=True, tag="array"):
    """A NumPy array of numbers or booleans."""

    dtype: str
    shape: tuple[int, ...]
    data: bytes


class Items(msgspec.Struct, frozen=True, tag="items"):
    """A list, a tuple, or what an iterator will give."""

    kind: str
    items: tuple[Value, ...]


class Mapping(msgspec.Struct, frozen=True, tag="mapping"):
    """A dict with text keys."""

    items: tuple[tuple[str, Value], ...]


class Packed(msgspec.Struct, frozen=True, tag="packed"):
    """A PackedSequence."""

    data: TensorValue
    batch_sizes: TensorValue
    sorted_indices: TensorValue | None
    unsorted_indices: TensorValue | None


class Ref(msgspec.Struct, frozen=True, tag="ref"):
    """An object that lives in the worker."""

    number: int
    kind: str


class OpaqueValue(msgspec.Struct, frozen=True, tag="opaque"):
    """Something that can't cross; in words."""

    what: str


Value = (
    None
    | bool
    | int
    | float
    | str
    | TensorValue
    | ArrayValue
    | Items
    | Mapping
    | Packed
    | Ref
    | OpaqueValue
)


class Opaque:
    """What stands on the grader's side for something that can't cross."""

    def __init__(self, what: str) -> None:
        self.what = what

    def __repr__(self) -> str:
        return f"<{self.what}>"


# --- requests -------------------------------------------------------------------------------


class Load(msgspec.Struct, frozen=True, tag="load"):
    """Run a submission's source. `watched` are the torch names to keep an eye on."""

    number: int
    source: str
    filename: str
    watched: tuple[str, ...]


class Call(msgspec.Struct, frozen=True, tag="call"):
    """Call a function or class of the submission by name, or an object by its number."""

    number: int
    seed: int
    target: str | int
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...] = ()
    watched: tuple[str, ...] = ()


class Do(msgspec.Struct, frozen=True, tag="do"):
    """One of the worker's own services: make an object, read its state, run a backward pass …"""

    number: int
    service: str
    args: tuple[Value, ...]
    kwargs: tuple[tuple[str, Value], ...] = ()


Request = Load | Call | Do


# --- replies --------------------------------------------------------------------------------


class Returned(msgspec.Struct, frozen=True, tag="returned"):
    """The call came back with a value; `used` are the watched names that it used."""

    number: int
    value: Value
    used: tuple[str, ...] = ()


class Place(msgspec.Struct, frozen=True):
    """One line of the student's own file on the way to an exception."""

    line: int
    function: str


class Raised(msgspec.Struct, frozen=True, tag="raised"):
    """The student's code raised; only places in the student's own file are listed."""

    number: int
    error: str
    message: str
    places: tuple[Place, ...]
    bases: tuple[str, ...] = ()


class Absent(msgspec.Struct, frozen=True, tag="absent"):
    """The submission has no such function or class; `names` are those it has."""

    number: int
    name: str
    names: tuple[str, ...]
    found: str = ""


class Refused(msgspec.Struct, frozen=True, tag="refused"):
    """One of the worker's services can't do what was asked (a test's fault, or a lying object)."""

    number: int
    why: str


Reply = Returned | Raised | Absent | Refused

# --- what the grader asks of the worker server ----------------------------------------------


class Ask(msgspec.Struct, frozen=True):
    """`fork` a worker, `end` the one of this pid, or take a further `client`."""

    what: str
    pid: int = 0


class Answer(msgspec.Struct, frozen=True):
    """The new worker's pid, or the exit status of one that ended (negative: by that signal)."""

    value: int


_encoder = msgspec.msgpack.Encoder()
_request_decoder = msgspec.msgpack.Decoder(Request)
_reply_decoder = msgspec.msgpack.Decoder(Reply)


def frame(message: Request | Reply) -> bytes:
    """Encode a message as one frame. Raises ViolationError where it is over MAX_FRAME."""
    body = _encoder.encode(message)
    if len(body) > MAX_FRAME:
        raise ViolationError(f"a message of {len(body)} bytes is over the cap of {MAX_FRAME}")
    return _LENGTH.pack(len(body)) + body


def body_length(header: bytes) -> int:
    """The length that a frame's four first bytes announce. Raises ViolationError over the cap."""
    length: int = _LENGTH.unpack(header)[0]
    if length > MAX_FRAME:
        raise ViolationError(f"announced a frame of {length} bytes; the cap is {MAX_FRAME}")
    return length


def read_request(body: bytes) -> Request:
    """Decode what the grader sent."""
    return _request_decoder.decode(body)


def read_reply(body: bytes) -> Reply:
    """Decode what a worker sent. Raises ViolationError for anything that isn't a reply."""
    try:
        return _reply_decoder.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ViolationError(f"sent bytes that are no reply: {str(error)[:120]}") from None


# --- Python objects to values and back ------------------------------------------------------


def pack(thing: Any, keep: Callable[[Any], Ref | None]) -> Value:
    """Turn a Python object into a value. `keep` gives the `Ref` of what stays where it is, or None."""
    if thing is None or type(thing) in (bool, str):
        return thing  # type: ignore[no-any-return]
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
        return Mapping(tuple((key, pack(item, keep)) for key, item in thing.items()))
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
    dense = tensor.detach().resolve_conj().resolve_neg().contiguous().reshape(-1)
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
        grad = unpack_tensor(value.grad)
        if (grad.shape, grad.dtype) != (tensor.shape, tensor.dtype):
            raise ViolationError("sent a gradient of another shape or dtype than its tensor")
        tensor.grad = grad.detach()
    return tensor


def describe(thing: Any) -> str:
    """What kind of thing this is, in words, without calling anything of its own."""
    kind = type(thing)
    name = type.__getattribute__(kind, "__name__")
    if isinstance(thing, Iterator) and name == "generator":
        return "a generator"
    if issubclass(kind, torch.Tensor):
        return f"an object of class {name}, a subclass of Tensor"
    if issubclass(kind, type):
        return "a class"
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
    if len(shape) > 32 or any(size < 0 for size in shape):
        raise ViolationError("sent a tensor whose shape is impossible")
    if math.prod(shape) * itemsize != length:
        raise ViolationError(f"sent {length} bytes for a tensor of shape {shape!r:.80}")


def _pack_int(number: int) -> Value:
    if -(2**63) <= number < 2**63:
        return number
    return OpaqueValue("a whole number of more than 64 bits")


def _pack_array(array: np.ndarray[Any, Any]) -> Value:
    if array.dtype.kind not in _ARRAY_KINDS:
        return OpaqueValue(f"an array of dtype {array.dtype}")
    if array.nbytes > MAX_FRAME // 2:
        return OpaqueValue(f"an array of shape {array.shape}, too large to be sent")
    return ArrayValue(array.dtype.str, array.shape, array.tobytes())


def _unpack_array(value: ArrayValue) -> np.ndarray[Any, Any]:
    try:
        dtype = np.dtype(value.dtype)
    except (TypeError, ValueError):
        raise ViolationError(f"sent an array of dtype {value.dtype[:40]!r}") from None
    if dtype.kind not in _ARRAY_KINDS:
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
    try:
        return PackedSequence(*tensors)  # type: ignore[arg-type]
    except (TypeError, ValueError, RuntimeError) as error:
        raise ViolationError(f"sent an impossible PackedSequence: {error}") from None
