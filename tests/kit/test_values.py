"""Proves that objects cross the line whole, or as words, and that lying ones are violations."""

from __future__ import annotations

import contextlib
import math
import struct
import warnings
from collections import UserList, deque, namedtuple
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import example, given, settings
from hypothesis import strategies as st
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence, pack_sequence

from grading import frames, wire
from grading.frames import MAX_ITEMS
from grading.line.values import MAX_LEVELS, Opaque, pack, unpack
from grading.line.words import describe
from grading.wire import (
    ArrayValue,
    Items,
    OpaqueValue,
    Packed,
    Ref,
    TensorValue,
    ViolationError,
)

PROPERTY = settings(max_examples=25, deadline=None)

DTYPES = [
    *(torch.float16, torch.bfloat16, torch.float32, torch.float64),
    *(torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool),
    *(torch.complex64, torch.complex128),
]
FLOATING = [dtype for dtype in DTYPES if dtype.is_floating_point or dtype.is_complex]
SHAPES = st.lists(st.integers(0, 4), max_size=4)
ARRAY_DTYPES = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8", "c8", "c16"]


def nothing(thing: Any) -> Ref | None:
    """Keeps no object."""


def refused(ref: Ref) -> Any:
    """Fetches no object."""
    raise AssertionError(f"{ref} was not sent")


def crossed(thing: Any) -> Any:
    """What arrives on the other side, by way of a real frame."""
    reply = frames.read_reply(frames.encode(wire.Returned(1, pack(thing, nothing)))[4:])
    assert isinstance(reply, wire.Returned)
    return unpack(reply.value, refused)


def drawn(dtype: torch.dtype, shape: list[int], seed: int = 0) -> Tensor:
    """A tensor of random bytes: NaN, infinities and the tiniest numbers among them."""
    generator = torch.Generator().manual_seed(seed)
    if dtype is torch.bool:
        return torch.randint(0, 2, shape, generator=generator).bool()
    count = math.prod(shape) * dtype.itemsize
    raw = torch.randint(0, 256, (count,), generator=generator).to(torch.uint8)
    return raw.view(dtype).reshape(shape) if count else torch.empty(shape, dtype=dtype)


def bits(tensor: Tensor) -> bytes:
    """All of a tensor's bytes, in the order of its indices."""
    dense = tensor.detach().resolve_conj().resolve_neg().contiguous().reshape(-1)
    return dense.view(torch.uint8).numpy().tobytes() if dense.numel() else b""


def same(got: Any, sent: Tensor) -> bool:
    """Are these tensors of one dtype and shape, the same in every bit?"""
    assert isinstance(got, Tensor)
    return (got.dtype, got.shape, bits(got)) == (sent.dtype, sent.shape, bits(sent))


# --- tensors ----------------------------------------------------------------------------------


@PROPERTY
@given(st.sampled_from(DTYPES), SHAPES, st.integers(0, 999))
def test_tensor_crosses_bit_by_bit(dtype: torch.dtype, shape: list[int], seed: int) -> None:
    """A tensor of any usual dtype and any shape arrives with its dtype, its shape, its bits."""
    tensor = drawn(dtype, shape, seed)
    assert same(crossed(tensor), tensor)


@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_every_dtype_crosses(dtype: torch.dtype) -> None:
    """Each of the usual dtypes arrives as itself."""
    tensor = drawn(dtype, [3, 2])
    assert same(crossed(tensor), tensor)


@pytest.mark.parametrize("shape", [[0], [0, 3], [3, 0], [2, 0, 4], []], ids=str)
@pytest.mark.parametrize("dtype", DTYPES, ids=str)
def test_shape_without_numbers_crosses(shape: list[int], dtype: torch.dtype) -> None:
    """An empty tensor keeps its axes, and a tensor without axes is none too many."""
    tensor = drawn(dtype, shape)
    assert same(crossed(tensor), tensor)


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32, torch.float64], ids=str)
def test_nan_and_infinity_cross(dtype: torch.dtype) -> None:
    """NaN, both infinities and minus zero arrive as they were."""
    tensor = torch.tensor([math.nan, math.inf, -math.inf, -0.0], dtype=dtype)
    assert same(crossed(tensor), tensor)


@PROPERTY
@given(st.permutations([0, 1, 2]))
def test_axes_in_another_order_cross(order: list[int]) -> None:
    """A transposed tensor arrives with the same values, contiguous if and only if it was."""
    tensor = drawn(torch.float32, [2, 3, 4]).permute(order)
    got = crossed(tensor)
    assert same(got, tensor)
    assert got.is_contiguous() == tensor.is_contiguous()


@pytest.mark.parametrize(
    "view",
    [lambda t: t[::2], lambda t: t[:, 1], lambda t: t[1:, 1:], lambda t: t.T, lambda t: t[0]],
    ids=["every other row", "column", "corner", "transposed", "row"],
)
def test_view_crosses_without_its_base(view: Callable[[Tensor], Tensor]) -> None:
    """Of a view, its own numbers arrive and no others, contiguous if and only if it was."""
    part = view(drawn(torch.int32, [5, 4]))
    value = pack(part, nothing)
    assert isinstance(value, TensorValue)
    assert len(value.data) == part.numel() * 4
    assert same(crossed(part), part)
    assert crossed(part).is_contiguous() == part.is_contiguous()


@pytest.mark.parametrize("shape", [(4,), (3, 1), (3, 4)], ids=str)
def test_stride_of_zero_crosses(shape: tuple[int, ...]) -> None:
    """One number shown many times arrives as so many numbers of their own."""
    tensor = torch.tensor([2.5]).expand(shape)
    got = crossed(tensor)
    assert same(got, tensor)
    got.view(-1)[0] = 7.0
    assert int((got == 7.0).sum()) == 1


@pytest.mark.parametrize("view", [torch.conj, torch.imag], ids=["conjugate", "negative"])
def test_lazy_views_cross_with_their_values(view: Callable[[Tensor], Tensor]) -> None:
    """A conjugate or a negation that torch has put off arrives carried out."""
    tensor = view(torch.complex(torch.ones(2), torch.full((2,), 3.0)).conj())
    assert same(crossed(tensor), tensor.clone())


@pytest.mark.parametrize("dtype", FLOATING, ids=str)
def test_requires_grad_crosses(dtype: torch.dtype) -> None:
    """A tensor that carries gradient arrives as a leaf that does, and another doesn't."""
    assert crossed(drawn(dtype, [2]).requires_grad_()).requires_grad
    assert crossed(drawn(dtype, [2]).requires_grad_()).is_leaf
    assert not crossed(drawn(dtype, [2])).requires_grad


def test_result_of_a_computation_arrives_as_a_leaf() -> None:
    """The graph stays where it is: of a result, values and the wish for gradient arrive."""
    result = torch.ones(2, requires_grad=True) * 3
    got = crossed(result)
    assert same(got, result)
    assert got.requires_grad
    assert got.is_leaf


def test_parameter_crosses_as_a_tensor() -> None:
    """A module's parameter arrives as a tensor that carries gradient."""
    got = crossed(nn.Parameter(torch.ones(2)))
    assert type(got) is Tensor
    assert got.requires_grad


@PROPERTY
@given(st.sampled_from(FLOATING), SHAPES)
def test_grad_crosses(dtype: torch.dtype, shape: list[int]) -> None:
    """A leaf's `.grad` arrives with it, bit by bit, itself without gradient."""
    leaf = drawn(dtype, shape).requires_grad_()
    leaf.grad = drawn(dtype, shape, seed=1)
    got = crossed(leaf)
    assert same(got.grad, leaf.grad)
    assert not got.grad.requires_grad


def test_no_grad_stays_none() -> None:
    """A leaf without `.grad` arrives without one: None is not zeros."""
    assert crossed(torch.ones(2, requires_grad=True)).grad is None


def test_received_tensor_is_its_own() -> None:
    """What arrives shares no memory with what was sent, nor with another copy of it."""
    sent = torch.zeros(3)
    value = pack(sent, nothing)
    first, second = unpack(value, refused), unpack(value, refused)
    first += 1
    assert bool((sent == 0).all())
    assert bool((second == 0).all())


# --- arrays, numbers, texts -------------------------------------------------------------------


@PROPERTY
@given(st.sampled_from(ARRAY_DTYPES), SHAPES, st.integers(0, 999))
def test_array_crosses_bit_by_bit(dtype: str, shape: list[int], seed: int) -> None:
    """A NumPy array of numbers or truths arrives with its dtype, its shape, its bits."""
    array = np.random.default_rng(seed).integers(0, 2, shape).astype(dtype)
    got = crossed(array)
    assert type(got) is np.ndarray
    assert (got.dtype, got.shape, got.tobytes()) == (array.dtype, array.shape, array.tobytes())


@pytest.mark.parametrize(
    "view",
    [lambda a: a.T, lambda a: a[::-1], lambda a: a[:, ::2], np.asfortranarray],
    ids=["transposed", "backwards", "every other column", "Fortran order"],
)
def test_view_of_an_array_crosses(view: Callable[[Any], Any]) -> None:
    """The order in memory doesn't matter: index by index, the numbers are the same."""
    array = view(np.arange(12).reshape(3, 4))
    np.testing.assert_array_equal(crossed(array), array)


def test_received_array_can_be_written() -> None:
    """An array that arrived is the receiver's own."""
    got = crossed(np.zeros(2))
    got[0] = 1
    assert got.tolist() == [1, 0]


@PROPERTY
@given(st.integers(-(2**63), 2**63 - 1))
@example(2**63 - 1)
@example(-(2**63))
def test_whole_number_crosses(number: int) -> None:
    """A whole number of up to 64 bits arrives as an int."""
    got = crossed(number)
    assert type(got) is int
    assert got == number


@PROPERTY
@given(st.integers(min_value=2**63) | st.integers(max_value=-(2**63) - 1))
@example(2**63)
@example(-(2**63) - 1)
@example(10**10_000)
def test_longer_whole_number_becomes_words(number: int) -> None:
    """A whole number over 64 bits is told in words, without its digits."""
    assert pack(number, nothing) == OpaqueValue("a whole number of more than 64 bits")


@PROPERTY
@given(st.floats())
@example(math.nan)
@example(-0.0)
def test_float_crosses(number: float) -> None:
    """A float arrives as a float, bit by bit."""
    got = crossed(number)
    assert type(got) is float
    assert struct.pack("d", got) == struct.pack("d", number)


@pytest.mark.parametrize("thing", [None, True, False, 0, 1, "", "ταῦ\n\0", "1"], ids=repr)
def test_plain_thing_crosses(thing: Any) -> None:
    """None, truths, numbers and texts arrive with value and type."""
    got = crossed(thing)
    assert type(got) is type(thing)
    assert got == thing


@pytest.mark.parametrize("kind", [np.int8, np.int64, np.uint32])
def test_numpy_whole_number_becomes_an_int(kind: type[np.integer[Any]]) -> None:
    """NumPy's whole numbers count as whole numbers."""
    assert type(crossed(kind(3))) is int


def test_numpy_float64_becomes_a_float() -> None:
    """NumPy's double is a Python float, which it is by descent."""
    assert type(crossed(np.float64(1.5))) is float


@pytest.mark.parametrize("kind", [np.float32, np.bool_, np.complex64])
def test_other_numpy_scalar_keeps_its_dtype(kind: type[np.generic]) -> None:
    """A NumPy scalar of another dtype arrives as an array without axes, of that dtype."""
    got = crossed(kind(1))
    assert (got.dtype, got.shape, got.item()) == (np.dtype(kind), (), 1)


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb"], ids=ascii)
def test_half_a_surrogate_can_be_framed(text: str) -> None:
    """Text that has no UTF-8 crosses in some form: it doesn't cost the worker its life."""
    for thing in (text, [text], {text: 1}):
        assert frames.encode(wire.Returned(1, pack(thing, nothing)))


# --- containers -------------------------------------------------------------------------------

NESTED: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=6,
)


@PROPERTY
@given(NESTED)
@example([])
@example(())
@example({})
@example([(1,), [1], {"a": (2, [3])}])
def test_nested_containers_cross(thing: Any) -> None:
    """Lists, tuples and dicts arrive as they were nested, each of its own kind."""
    assert crossed(thing) == thing


def test_dict_keeps_its_order() -> None:
    """A dict's entries arrive in the order in which they were put there."""
    assert list(crossed({"b": 1, "a": 2, "c": 3})) == ["b", "a", "c"]


def test_size_crosses_as_a_tuple() -> None:
    """A torch.Size is a tuple of whole numbers."""
    got = crossed(torch.zeros(2, 3).shape)
    assert type(got) is tuple
    assert got == (2, 3)


def test_named_tuple_crosses_as_a_tuple() -> None:
    """A tuple with names, one's own or torch's, is a tuple."""
    sent = namedtuple("Sizes", "first second")(1, torch.ones(2))
    for thing in (sent, torch.ones(2, 3).max(dim=1)):
        got = crossed(thing)
        assert type(got) is tuple
        assert len(got) == 2


class Endless(Sequence[int]):
    """Two items, and an iterator that never ends."""

    def __len__(self) -> int:
        return 2

    def __getitem__(self, index: Any) -> Any:
        return 4 + index % 2


@pytest.mark.parametrize(
    "thing",
    [UserList([4, 5]), deque([4, 5]), range(4, 6), Endless(), type("L", (list,), {})([4, 5])],
)
def test_any_sequence_crosses_as_a_list(thing: Any) -> None:
    """What Python calls a sequence is a list, whatever its class."""
    assert crossed(thing) == [4, 5]


class Liar:
    """Says that it is a list."""

    __class__ = list  # type: ignore[assignment]


@pytest.mark.parametrize(
    "thing",
    [Liar(), b"45", bytearray(b"45"), memoryview(b"45"), {4: 5}, {4, 5}, range(10**12)],
)
def test_what_is_no_sequence_of_items_does_not_cross(thing: Any) -> None:
    """Bytes are no list of numbers, a set has no order, and some are too long to be listed."""
    assert isinstance(crossed(thing), Opaque)


def test_tensors_in_containers_cross() -> None:
    """A state dict of tensors arrives entry by entry."""
    state = nn.Linear(2, 3).state_dict()
    got = crossed({"state": [dict(state)]})["state"][0]
    assert list(got) == list(state)
    assert all(same(got[name], state[name]) for name in state)


@pytest.mark.parametrize("lengths", [[3, 2, 1], [1, 3, 2], [2]], ids=str)
def test_packed_sequence_crosses(lengths: list[int]) -> None:
    """A PackedSequence arrives as one, with all of its four pieces."""
    rows = [drawn(torch.float32, [length, 2], length) for length in lengths]
    sent = pack_sequence(rows, enforce_sorted=False)
    got = crossed(sent)
    assert type(got) is PackedSequence
    assert all(same(piece, other) for piece, other in zip(got, sent, strict=True))


def test_sorted_packed_sequence_keeps_its_none() -> None:
    """A PackedSequence without orders arrives without them."""
    got = crossed(pack_sequence([torch.ones(2), torch.ones(1)]))
    assert got.sorted_indices is None
    assert got.unsorted_indices is None


def test_packed_sequence_may_end_in_empty_steps() -> None:
    """Steps at which no row is left hold nothing: what arrives is the same without them."""
    sent = pack_sequence([torch.ones(2), torch.ones(1)])
    got = crossed(sent._replace(batch_sizes=torch.tensor([2, 1, 0, 0])))
    assert got.batch_sizes.tolist() == sent.batch_sizes.tolist()


def test_iterator_is_given_once() -> None:
    """What is sent as an iterator arrives as one that ends."""
    got = unpack(Items("iterator", (1, 2)), refused)
    assert [next(got), next(got), *got] == [1, 2]


def test_kept_object_crosses_as_its_number() -> None:
    """An object that stays where it is arrives as what its number stands for."""
    numbered = Ref(7, "Linear")
    value = pack([nn.Linear(1, 1)], lambda thing: numbered)
    assert value == Items("list", (numbered,))
    assert unpack(value, lambda ref: f"object {ref.number}") == ["object 7"]


# --- what can't cross -------------------------------------------------------------------------


class Sub(Tensor):
    """A subclass of Tensor."""


def nested() -> Tensor:
    """A tensor of rows of different lengths, of which torch warns that it may change."""
    with warnings.catch_warnings(action="ignore"):
        return torch.nested.nested_tensor([torch.zeros(1), torch.zeros(2)])


OPAQUE: dict[str, tuple[Callable[[], Any], str]] = {
    "generator": (lambda: (i for i in ()), "a generator"),
    "subclass": (lambda: torch.zeros(2).as_subclass(Sub), "an object of class Sub, a subclass"),
    "sparse": (lambda: torch.eye(2).to_sparse(), "a tensor that isn't dense (layout sparse_coo)"),
    "meta": (lambda: torch.zeros(2, device="meta"), "a tensor on device meta"),
    "odd dtype": (lambda: torch.zeros(2, dtype=torch.float8_e5m2), "a tensor of dtype float8_e5m2"),
    "huge expand": (lambda: torch.zeros(1).expand(10**12), "a tensor of shape (1000000000000,)"),
    "huge array": (lambda: np.broadcast_to(0.0, (10**12,)), "an array of shape (1000000000000,)"),
    "long int": (lambda: 2**64, "a whole number of more than 64 bits"),
    "object array": (lambda: np.array([None]), "an array of dtype object"),
    "text array": (lambda: np.array(["a"]), "an array of dtype <U1"),
    "foreign bytes": (lambda: np.zeros(1, np.dtype("f4").newbyteorder()), "an array of dtype"),
    "records": (lambda: np.zeros(1, dtype=[("a", "f4")]), "an array of dtype [('a', '<f4')]"),
    "masked array": (lambda: np.ma.array([1]), "a MaskedArray"),
    "module": (lambda: nn.Linear(1, 1), "a Linear"),
    "function": (lambda: len, "a builtin_function_or_method"),
    "class": (lambda: nn.Linear, "a class"),
    "set": (lambda: {1}, "a set"),
    "dict of numbers": (lambda: {1: 2}, "a dict"),
    "ordinary object": (object, "an object"),
    "complex": (lambda: 1j, "a complex"),
    "nested": (nested, "a nested tensor"),
    "many axes": (lambda: torch.zeros([1] * 9), "a tensor of 9 axes"),
    "array of many axes": (lambda: np.zeros([1] * 9), "an array of 9 axes"),
    "sizes that add up to less": (
        lambda: PackedSequence(torch.ones(3), torch.tensor([1, 1])),
        "a PackedSequence whose parts don't match",
    ),
    "sizes of floats": (
        lambda: PackedSequence(torch.ones(3), torch.tensor([2.0, 1.0])),
        "a PackedSequence whose parts don't match",
    ),
}


@pytest.mark.parametrize(("make", "words"), OPAQUE.values(), ids=OPAQUE.keys())
def test_what_cannot_cross_is_told_in_words(make: Callable[[], Any], words: str) -> None:
    """What has no value on the wire arrives as words for it, and takes no memory."""
    got = crossed(make())
    assert isinstance(got, Opaque)
    assert got.what.startswith(words)
    assert repr(got) == f"<{got.what}>"


@pytest.mark.parametrize("make", [make for make, _ in OPAQUE.values()], ids=OPAQUE.keys())
def test_words_stand_in_the_place_of_the_thing(make: Callable[[], Any]) -> None:
    """In a list, what can't cross becomes words and its neighbours cross."""
    before, words, after = crossed([1, make(), 2])
    assert (before, after) == (1, 2)
    assert isinstance(words, Opaque)


def test_packed_sequence_of_odd_tensors_becomes_words() -> None:
    """A PackedSequence whose numbers can't be sent is told in words."""
    odd = PackedSequence(torch.ones(3).as_subclass(Sub), torch.tensor([2, 1]))
    huge = PackedSequence(torch.zeros(1).expand(10**12), torch.tensor([1]))
    assert isinstance(crossed(huge), Opaque)
    assert isinstance(crossed(odd), Opaque | PackedSequence)


NESTS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "lists": (lambda inner: [inner], lambda outer: outer[0]),
    "tuples": (lambda inner: (inner,), lambda outer: outer[0]),
    "dicts": (lambda inner: {"k": inner}, lambda outer: outer["k"]),
}


@pytest.mark.parametrize(("around", "inside"), NESTS.values(), ids=NESTS.keys())
def test_what_is_nested_too_deep_becomes_words(
    around: Callable[[Any], Any], inside: Callable[[Any], Any]
) -> None:
    """As many levels as can cross do; what stands below the last of them is told in words."""
    thing = around(None)
    for _ in range(MAX_LEVELS):
        thing = around(thing)
    got = crossed(thing)
    for _ in range(MAX_LEVELS):
        got = inside(got)
    assert repr(got) == f"<something nested more than {MAX_LEVELS} deep>"


def test_words_are_short() -> None:
    """A class with a long name doesn't make a long text."""
    assert len(describe(type("x" * 10_000, (), {})())) <= 120


class Touchy:
    """An object that raises wherever it can be touched."""

    def __getattribute__(self, name: str) -> Any:
        raise AssertionError(f"{name} was read")

    def __repr__(self) -> str:
        raise AssertionError("was shown")

    def __bool__(self) -> bool:
        raise AssertionError("was asked")

    def __eq__(self, other: object) -> bool:
        raise AssertionError("was compared")

    __hash__ = object.__hash__


def test_words_run_no_code_of_the_thing() -> None:
    """To say what a thing is, none of its own methods is called."""
    assert describe(Touchy()) == "a Touchy"


def test_none_is_told_as_such() -> None:
    """A student reads "None", and not the name of its class."""
    assert describe(None) == "None"


# --- lies -------------------------------------------------------------------------------------


@PROPERTY
@given(st.sampled_from(DTYPES), SHAPES, st.integers(0, 70))
def test_bytes_that_do_not_fit_the_shape_are_a_violation(
    dtype: torch.dtype, shape: list[int], length: int
) -> None:
    """Unless shape and dtype need exactly the bytes that came, nothing is unpacked."""
    needed = math.prod(shape) * dtype.itemsize
    value = TensorValue(str(dtype).removeprefix("torch."), tuple(shape), bytes(length))
    if length == needed:
        assert unpack(value, refused).shape == tuple(shape)
    else:
        with pytest.raises(ViolationError):
            unpack(value, refused)


LYING_SHAPES = {
    "too few bytes": ((2,), b"1234"),
    "too many bytes": ((1,), b"12345678"),
    "below zero": ((-1,), b""),
    "below zero twice": ((-1, -1), b"1234"),
    "too many axes": ((1,) * 9, b"1234"),
    "empty, yet huge": ((0, 2**62, 2**62), b""),
    "empty, yet over 64 bits": ((2**64 - 1, 0), b""),
    "huge": ((2**62, 2**62), b"1234"),
}
ODD_NUMPY = {
    "objects": "|O",
    "text": "<U1",
    "raw": "|V4",
    "record": "f4,f4",
    "inner shape": "(2,)f2",
    "date": "<M8[s]",
    "no such name": "tensor",
    "empty": "",
    "commas": "," * 1000,
    "bracket": "(" * 1000,
    "many digits": "9" * 5000 + "f4",
    "NUL": "f4\0",
}


@pytest.mark.parametrize(("shape", "data"), LYING_SHAPES.values(), ids=LYING_SHAPES.keys())
@pytest.mark.parametrize("kind", ["tensor", "array"])
def test_impossible_shape_is_a_violation(kind: str, shape: tuple[int, ...], data: bytes) -> None:
    """A shape that no tensor of so many bytes can have is a violation, and no other error."""
    lie = (
        TensorValue("float32", shape, data) if kind == "tensor" else ArrayValue("<f4", shape, data)
    )
    with pytest.raises(ViolationError):
        unpack(lie, refused)


def test_tensor_whose_gradient_is_of_another_dtype_is_told_in_words() -> None:
    """Torch lets `.grad.data` be exchanged for another dtype: honest, and no violation."""
    tensor = torch.tensor(1.0, requires_grad=True)
    tensor.grad = torch.tensor(1.0)
    tensor.grad.data = torch.tensor(1.0, dtype=torch.float64)
    told = pack(tensor, refused)
    assert told == OpaqueValue("a tensor of dtype float32 whose .grad has dtype float64")


@pytest.mark.parametrize("rows", [MAX_ITEMS, MAX_ITEMS + 1])
def test_empty_rows_are_counted(rows: int) -> None:
    """A tensor without numbers takes no bytes; its rows are bounded as items are."""
    value = TensorValue("float32", (rows, 0), b"")
    if rows > MAX_ITEMS:
        with pytest.raises(ViolationError, match="impossible"):
            unpack(value, refused)
        assert isinstance(pack(torch.empty(rows, 0), refused), OpaqueValue)
    else:
        assert unpack(value, refused).shape == (rows, 0)
        assert pack(torch.empty(rows, 0), refused) == value


class Sly(tuple[int, ...]):
    """A tuple that says it is short."""

    def __len__(self) -> int:
        return 1


LONG = {
    "list": ("list", [0] * (MAX_ITEMS + 1)),
    "tuple": ("tuple", (0,) * (MAX_ITEMS + 1)),
    "sly tuple": ("tuple", Sly(range(MAX_ITEMS + 1))),
    "dict": ("dict", dict.fromkeys(map(str, range(MAX_ITEMS + 1)), 0)),
}


@pytest.mark.parametrize(("kind", "thing"), LONG.values(), ids=LONG)
def test_long_container_is_told_by_its_length(kind: str, thing: Any) -> None:
    """One of more items than may be sent isn't looked through, whatever it says of itself."""
    told = pack(thing, lambda _: pytest.fail("an item was looked at"))
    assert told == OpaqueValue(f"a {kind} of 50,001 items, too large to be sent")


@pytest.mark.parametrize("dtype", ["", "float", "qint8", "float8_e5m2", "object", "nn.Module"])
def test_unknown_tensor_dtype_is_a_violation(dtype: str) -> None:
    """A tensor comes in one of the usual dtypes, by its full name."""
    with pytest.raises(ViolationError):
        unpack(TensorValue(dtype, (1,), b"12345678"), refused)


@pytest.mark.parametrize("dtype", ODD_NUMPY.values(), ids=ODD_NUMPY.keys())
def test_array_of_no_numbers_is_a_violation(dtype: str) -> None:
    """An array comes in a dtype of numbers or truths: never objects, records, dates or text."""
    with pytest.raises(ViolationError):
        unpack(ArrayValue(dtype, (1,), b"12345678"), refused)


SMALL = TensorValue("float32", (1,), b"1234", requires_grad=True)
WIDE = TensorValue("float32", (2,), b"12345678")
DOUBLE = TensorValue("float64", (1,), b"12345678")


@pytest.mark.parametrize("grad", [WIDE, DOUBLE], ids=["shape", "dtype"])
def test_grad_that_does_not_fit_is_a_violation(grad: TensorValue) -> None:
    """A `.grad` of another shape or dtype than its tensor is a violation."""
    with pytest.raises(ViolationError):
        unpack(TensorValue("float32", (1,), b"1234", requires_grad=True, grad=grad), refused)


def tensor_value(*numbers: Any) -> TensorValue:
    """A tensor on the wire."""
    value = pack(torch.tensor(numbers), nothing)
    assert isinstance(value, TensorValue)
    return value


LYING_PACKED = {
    "order past the end": (tensor_value(2, 1), tensor_value(5, 6)),
    "order of floats": (tensor_value(2, 1), tensor_value(0.0, 1.0)),
    "order with two axes": (tensor_value(2, 1), tensor_value([0, 1], [1, 0])),
    "order below zero": (tensor_value(2, 1), tensor_value(-1, -2)),
    "sizes of floats": (tensor_value(2.0, 1.0), tensor_value(0, 1)),
    "sizes that grow": (tensor_value(1, 2), tensor_value(0)),
    "sizes that grow again": (tensor_value(2, 0, 1), tensor_value(0, 1)),
    "sizes of nothing": (tensor_value(0, 0), tensor_value(0)),
}


@pytest.mark.parametrize(("sizes", "order"), LYING_PACKED.values(), ids=LYING_PACKED.keys())
def test_impossible_packed_sequence_is_a_violation(sizes: TensorValue, order: TensorValue) -> None:
    """A PackedSequence that torch itself refuses is a violation, and no other error."""
    with pytest.raises(ViolationError):
        unpack(Packed(tensor_value(1.0, 2.0, 3.0), sizes, order, None), refused)


ODD_SIZES = st.sampled_from([-1, 0, 1, 2, 3, 2**31, 2**62, 2**63, 2**64 - 1])
ODD_TENSORS = st.builds(
    TensorValue,
    dtype=st.sampled_from(["float32", "int64", "bool", "complex64", "O", ""]),
    shape=st.lists(ODD_SIZES, max_size=3).map(tuple),
    data=st.sampled_from([b"", b"1", b"1234", b"12345678", b"1" * 16]),
    requires_grad=st.booleans(),
    contiguous=st.booleans(),
)
ODD_VALUES = (
    ODD_TENSORS
    | st.builds(
        ArrayValue,
        dtype=st.sampled_from(["<f4", ">i8", "?", "|O", "f4,f4", "<M8", ","]),
        shape=st.lists(ODD_SIZES, max_size=3).map(tuple),
        data=st.sampled_from([b"", b"1", b"1234", b"12345678"]),
    )
    | st.builds(Packed, ODD_TENSORS, ODD_TENSORS, ODD_TENSORS, ODD_TENSORS | st.none())
    | st.builds(Items, st.text(max_size=3), st.lists(ODD_TENSORS, max_size=2).map(tuple))
)


@PROPERTY
@given(ODD_VALUES)
def test_unpacking_raises_nothing_but_a_violation(value: wire.Value) -> None:
    """Whatever fields a worker makes up, they give an object or a violation."""
    with contextlib.suppress(ViolationError):
        unpack(value, refused)


def deep_list(depth: int) -> wire.Value:
    """A list in a list in a list."""
    value: wire.Value = None
    for _ in range(depth):
        value = Items("list", (value,))
    return value


def deep_dict(depth: int) -> wire.Value:
    """A dict in a dict in a dict."""
    value: wire.Value = None
    for _ in range(depth):
        value = wire.Mapping((("k", value),))
    return value


def deep_grad(depth: int) -> wire.Value:
    """The gradient of a gradient of a gradient."""
    value = TensorValue("int8", (0,), b"")
    for _ in range(depth):
        value = TensorValue("int8", (0,), b"", grad=value)
    return value


@pytest.mark.parametrize("deep", [deep_list, deep_dict, deep_grad])
@pytest.mark.parametrize("depth", [1, 30, 200, 300, 450, 480, 700, 900])
def test_depth_gives_an_object_or_a_violation(
    deep: Callable[[int], wire.Value], depth: int
) -> None:
    """However deep a value is, no recursion error comes of it on the grader's side."""
    try:
        body = frames.encode(wire.Returned(1, deep(depth)))[4:]
    except RecursionError:
        return  # deeper than this side could write it
    with contextlib.suppress(ViolationError):
        reply = frames.read_reply(body)
        assert isinstance(reply, wire.Returned)
        unpack(reply.value, refused)
