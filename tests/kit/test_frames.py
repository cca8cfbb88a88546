"""Proves that frames carry messages whole, and that garbage from a worker is a mere violation."""

from __future__ import annotations

import contextlib
import math
import struct
import tracemalloc
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grading import frames, wire

PROPERTY = settings(max_examples=25, deadline=None)

WHOLE = st.integers(-(2**63), 2**63 - 1)
TEXT = st.text(max_size=8)
TENSORS = st.builds(
    wire.TensorValue,
    dtype=TEXT,
    shape=st.lists(st.integers(0, 9), max_size=3).map(tuple),
    data=st.binary(max_size=8),
    requires_grad=st.booleans(),
    contiguous=st.booleans(),
)
LEAVES = (
    st.none()
    | st.booleans()
    | WHOLE
    | st.floats(allow_nan=False)
    | TEXT
    | TENSORS
    | st.builds(wire.ArrayValue, TEXT, st.just((2, 3)), st.binary(max_size=8))
    | st.builds(wire.Packed, TENSORS, TENSORS, st.none() | TENSORS, st.none() | TENSORS)
    | st.builds(wire.Ref, WHOLE, TEXT)
    | st.builds(wire.OpaqueValue, TEXT)
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(wire.Items, TEXT, st.lists(inner, max_size=3).map(tuple))
        | st.builds(wire.Mapping, st.lists(st.tuples(TEXT, inner), max_size=3).map(tuple))
    ),
    max_leaves=4,
)
PLACES = st.lists(st.builds(wire.Place, WHOLE, TEXT), max_size=2).map(tuple)
NAMES = st.lists(TEXT, max_size=3).map(tuple)
REPLIES = (
    st.builds(wire.Returned, WHOLE, VALUES, NAMES)
    | st.builds(wire.Raised, WHOLE, TEXT, TEXT, PLACES, NAMES)
    | st.builds(wire.Absent, WHOLE, TEXT, NAMES, TEXT)
    | st.builds(wire.Refused, WHOLE, TEXT)
)
ARGS = st.lists(VALUES, max_size=2).map(tuple)
KWARGS = st.lists(st.tuples(TEXT, VALUES), max_size=2).map(tuple)
SERVICES = st.builds(wire.Service, TEXT, ARGS, KWARGS)
FIRST = st.lists(SERVICES, max_size=2).map(tuple)
REQUESTS = (
    st.builds(wire.Load, WHOLE, TEXT, TEXT, NAMES)
    | st.builds(wire.Call, WHOLE, WHOLE, TEXT | WHOLE, ARGS, KWARGS, NAMES, FIRST)
    | st.builds(wire.Do, WHOLE, SERVICES, FIRST)
)


def body(message: wire.Request | wire.Reply) -> bytes:
    """A message as it arrives, without its length."""
    return frames.encode(message)[4:]


def packed(thing: Any) -> bytes:
    """Anything as msgpack, as a worker that was taken over would write it."""
    return msgspec.msgpack.encode(thing)


def returned(value: bytes) -> bytes:
    """The body of a `Returned` whose value is these bytes, whatever they are."""
    return b"\x83" + packed({"type": "returned", "number": 1})[1:] + packed("value") + value


# --- honest messages --------------------------------------------------------------------------


@PROPERTY
@given(REPLIES)
def test_reply_survives_its_frame(reply: wire.Reply) -> None:
    """A reply is read as the same reply that was sent."""
    assert frames.read_reply(body(reply)) == reply


@PROPERTY
@given(REQUESTS)
def test_request_survives_its_frame(request: wire.Request) -> None:
    """A request is read as the same request that was sent."""
    assert frames.read_request(body(request)) == request


@PROPERTY
@given(st.floats())
@example(math.nan)
@example(-0.0)
@example(-math.inf)
def test_float_keeps_all_its_bits(number: float) -> None:
    """A float crosses bit by bit, be it NaN, infinite, tiny or minus zero."""
    reply = frames.read_reply(body(wire.Returned(1, number)))
    assert isinstance(reply, wire.Returned)
    assert isinstance(reply.value, float)
    assert struct.pack("d", reply.value) == struct.pack("d", number)


@pytest.mark.parametrize("value", [True, 1, 1.0, "1"])
def test_kinds_of_one_stay_apart(value: bool | int | float | str) -> None:
    """True, 1, 1.0 and "1" keep their types on the way."""
    reply = frames.read_reply(body(wire.Returned(1, value)))
    assert isinstance(reply, wire.Returned)
    assert type(reply.value) is type(value)


@PROPERTY
@given(REPLIES)
def test_header_announces_the_body(reply: wire.Reply) -> None:
    """A frame's first four bytes tell the length of all that follows."""
    frame = frames.encode(reply)
    assert frames.body_length(frame[:4]) == len(frame) - 4


# --- caps -------------------------------------------------------------------------------------


@PROPERTY
@given(st.integers(frames.MAX_FRAME + 1, 2**32 - 1))
@example(frames.MAX_FRAME + 1)
@example(2**32 - 1)
def test_header_over_the_cap_is_a_violation(length: int) -> None:
    """A frame announced as longer than the cap, up to 4 GB, is refused before a byte of it."""
    with pytest.raises(wire.ViolationError, match=str(length)):
        frames.body_length(struct.pack(">I", length))


@pytest.mark.parametrize("length", [0, 1, frames.MAX_FRAME - 1, frames.MAX_FRAME])
def test_header_up_to_the_cap_is_taken(length: int) -> None:
    """A frame may be as long as the cap."""
    assert frames.body_length(struct.pack(">I", length)) == length


def test_message_at_the_cap_is_framed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message of exactly the cap's length goes out."""
    reply = wire.Refused(1, "x" * 50)
    monkeypatch.setattr(frames, "MAX_FRAME", len(body(reply)))
    assert frames.read_reply(body(reply)) == reply


def test_message_over_the_cap_is_not_framed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A message of one byte more than the cap is a violation where it would be sent."""
    reply = wire.Refused(1, "x" * 50)
    monkeypatch.setattr(frames, "MAX_FRAME", len(body(reply)) - 1)
    with pytest.raises(wire.ViolationError, match="over the cap"):
        frames.encode(reply)


MANY = {
    "list": lambda count: wire.Items("list", (None,) * count),
    "dict": lambda count: wire.Mapping((("k", None),) * count),
    "lists in a dict": lambda count: wire.Mapping(
        (("k", wire.Items("list", (None,) * (count // 2 - 1))),) * 2 + (("k", None),) * (count % 2)
    ),
}
"""Values of so many items."""


@pytest.mark.parametrize("of", MANY.values(), ids=MANY.keys())
def test_value_of_too_many_items_is_a_violation(of: Callable[[int], wire.Value]) -> None:
    """Items of lists and dicts are counted alike: as many as the cap pass, and not one more."""
    reply = wire.Returned(1, of(frames.MAX_ITEMS))
    assert frames.read_reply(body(reply)) == reply
    forged = returned(packed(of(frames.MAX_ITEMS + 1)))
    with pytest.raises(wire.ViolationError, match=str(frames.MAX_ITEMS)):
        frames.read_reply(forged)


def test_cap_fits_its_header() -> None:
    """The four bytes of a header can announce every length that the cap allows."""
    assert 1024 * 1024 < frames.MAX_FRAME < 2**32


# --- garbage ----------------------------------------------------------------------------------


@PROPERTY
@given(st.binary(max_size=60))
@example(b"")
@example(b"\xc1")
def test_arbitrary_bytes_raise_nothing_but_a_violation(garbage: bytes) -> None:
    """Bytes that nobody wrote as a reply are one by chance, or a violation."""
    with contextlib.suppress(wire.ViolationError):
        assert isinstance(frames.read_reply(garbage), wire.Reply)


@PROPERTY
@given(REPLIES, st.data())
def test_damaged_reply_raises_nothing_but_a_violation(reply: wire.Reply, data: Any) -> None:
    """A reply with a few bytes changed reads as some reply, or is a violation."""
    damaged = bytearray(body(reply))
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    with contextlib.suppress(wire.ViolationError):
        assert isinstance(frames.read_reply(bytes(damaged)), wire.Reply)


@PROPERTY
@given(REPLIES, st.data())
def test_cut_reply_is_a_violation(reply: wire.Reply, data: Any) -> None:
    """A reply that ends early is no reply."""
    whole = body(reply)
    with pytest.raises(wire.ViolationError):
        frames.read_reply(whole[: data.draw(st.integers(0, len(whole) - 1))])


@PROPERTY
@given(REPLIES, st.binary(min_size=1, max_size=8))
def test_bytes_behind_a_reply_are_a_violation(reply: wire.Reply, more: bytes) -> None:
    """A reply with something behind it in the same frame is no reply."""
    with pytest.raises(wire.ViolationError):
        frames.read_reply(body(reply) + more)


@PROPERTY
@given(REQUESTS)
def test_request_is_no_reply(request: wire.Request) -> None:
    """A worker that sends a request breaks the protocol."""
    with pytest.raises(wire.ViolationError):
        frames.read_reply(body(request))


@pytest.mark.parametrize("text", [b"\xa1\xff", b"\xa2\xc3\x28", b"\xa3\xed\xa0\x80"])
@pytest.mark.parametrize("place", ["tag", "value"])
def test_text_that_is_no_utf8_is_a_violation(text: bytes, place: str) -> None:
    """Text with broken UTF-8, wherever it stands, is a violation like any other garbage."""
    forged = returned(text) if place == "value" else b"\x81" + packed("type") + text
    with pytest.raises(wire.ViolationError):
        frames.read_reply(forged)


FORGED = {
    "unknown tag": {"type": "gift", "number": 1},
    "no tag": {"number": 1, "value": None},
    "no number": {"type": "returned", "value": None},
    "number as text": {"type": "returned", "number": "1", "value": None},
    "number as truth": {"type": "returned", "number": True, "value": None},
    "bare bytes": {"type": "returned", "number": 1, "value": b"abc"},
    "bare list": {"type": "returned", "number": 1, "value": [1, 2]},
    "unknown value": {"type": "returned", "number": 1, "value": {"type": "pickle", "data": b""}},
    "shape of text": {
        "type": "returned",
        "number": 1,
        "value": {"type": "tensor", "dtype": "int8", "shape": ["1"], "data": b"1"},
    },
    "unknown field": {"type": "returned", "number": 1, "value": None, "score": 10},
    "a list": [1, 2, 3],
    "nothing": None,
}


@pytest.mark.parametrize("message", FORGED.values(), ids=FORGED.keys())
def test_forged_message_is_a_violation(message: Any) -> None:
    """Well-formed msgpack that is none of the replies is a violation."""
    with pytest.raises(wire.ViolationError):
        frames.read_reply(packed(message))


ITEMS = b"\x83" + packed({"type": "items", "kind": "list"})[1:] + packed("items") + b"\x91"
DEEP = {
    "arrays": b"\x91",
    "maps": b"\x81\xa1a",
    "lists in lists": ITEMS,
    "dicts in dicts": b"\x82"
    + packed({"type": "mapping"})[1:]
    + packed("items")
    + b"\x91\x92\xa1k",
    "gradients of gradients": (
        b"\x85"
        + packed({"type": "tensor", "dtype": "int8", "shape": [0], "data": b""})[1:]
        + packed("grad")
    ),
}


@pytest.mark.parametrize("level", DEEP.values(), ids=DEEP.keys())
def test_nesting_without_end_is_a_violation(level: bytes) -> None:
    """A value nested 100,000 deep is refused, and nothing overflows."""
    with pytest.raises(wire.ViolationError):
        frames.read_reply(returned(level * 100_000 + b"\xc0"))


def test_honest_nesting_is_read() -> None:
    """A list in a list, a few levels deep, is an answer like any other."""
    assert isinstance(frames.read_reply(returned(ITEMS * 8 + b"\xc0")), wire.Returned)


ENDLESS = {
    "bytes": b"\xc6\xff\xff\xff\xff",
    "text": b"\xdb\xff\xff\xff\xff",
    "items": ITEMS[:-1] + b"\xdd\xff\xff\xff\xff",
    "shape": b"\x82" + packed({"type": "tensor"})[1:] + packed("shape") + b"\xdd\xff\xff\xff\xff",
    "map": b"\xdf\xff\xff\xff\xff",
}


@pytest.mark.parametrize("value", ENDLESS.values(), ids=ENDLESS.keys())
def test_announced_gigabytes_take_no_memory(value: bytes) -> None:
    """A value inside a frame that announces 4 GB is refused before memory is taken for it."""
    tracemalloc.start()
    try:
        with pytest.raises(wire.ViolationError):
            frames.read_reply(returned(value))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 1024 * 1024


def test_violation_is_told_in_one_line() -> None:
    """However long a forged name is, what is said about it stays short."""
    with pytest.raises(wire.ViolationError) as told:
        frames.read_reply(packed({"type": "x" * 10_000}))
    assert len(str(told.value)) < 200
