"""Frames: how a message of wire.py stands on the pipe, and what no frame may be.

A frame is four bytes of length (big endian) and that many bytes of msgpack, which are decoded
strictly into one of the messages. What can't be is a ViolationError, whatever was sent.
"""

from __future__ import annotations

import msgspec

from grading import wire

HEADER = 4
"""Bytes of a frame that tell how long it is."""

MAX_FRAME = 4 * 1024 * 1024
"""Bytes. The largest honest frame is a source of 1 MiB; no answer to the exercises has 256 KiB."""

MAX_ITEMS, TENSOR_ITEMS = 50_000, 25
"""Items of all lists and dicts in one answer together: many tiny ones cost the reader much time.

A tensor among them costs as much as so many numbers.
"""

_encoder = msgspec.msgpack.Encoder()
_request_decoder = msgspec.msgpack.Decoder(wire.Request)
_reply_decoder = msgspec.msgpack.Decoder(wire.Reply)


def encode(message: wire.Request | wire.Reply) -> bytes:
    """Encode a message as one frame. Raises wire.ViolationError where it is over the caps."""
    if isinstance(message, wire.Returned):
        _check_items(message.value)
    body = _encoder.encode(message)
    if len(body) > MAX_FRAME:
        raise wire.ViolationError(f"a message of {len(body)} bytes is over the cap of {MAX_FRAME}")
    return len(body).to_bytes(HEADER) + body


def body_length(header: bytes) -> int:
    """The length that a frame's first bytes announce. Raises wire.ViolationError over the cap."""
    length = int.from_bytes(header)
    if length > MAX_FRAME:
        raise wire.ViolationError(f"announced a frame of {length} bytes; the cap is {MAX_FRAME}")
    return length


def read_request(body: bytes) -> wire.Request:
    """Decode what the grader sent."""
    request: wire.Request = _request_decoder.decode(body)
    return request


def read_reply(body: bytes) -> wire.Reply:
    """Decode what a worker sent. Raises wire.ViolationError for anything that isn't a reply."""
    try:
        reply: wire.Reply = _reply_decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise wire.ViolationError(f"sent bytes that are no reply: {str(error)[:120]}") from None
    if isinstance(reply, wire.Returned):
        _check_items(reply.value)
    return reply


def _check_items(value: wire.Value) -> None:
    """Raises wire.ViolationError for a value of more than MAX_ITEMS items; counts no further."""
    count, waiting = 0, [value]
    while waiting and count <= MAX_ITEMS:
        match waiting.pop():
            case wire.Items(items=items):
                count += len(items)
                waiting += items[:MAX_ITEMS]
            case wire.Mapping(items=pairs):
                count += len(pairs)
                waiting += [item for _, item in pairs[:MAX_ITEMS]]
            case wire.TensorValue() | wire.ArrayValue() | wire.Packed():
                count += TENSOR_ITEMS
    if count > MAX_ITEMS:
        raise wire.ViolationError(f"sent an answer of more than {MAX_ITEMS} items")
