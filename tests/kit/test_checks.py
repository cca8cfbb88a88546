"""Proves that each check passes what is right, and says of what is wrong, in words, what it saw."""

from __future__ import annotations

import inspect
import math
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
import torch
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.utils.rnn import pack_sequence

from grading import wire
from grading.line.values import Opaque
from grading.session.outcomes import NotStarted, StudentError, WrongError
from grading.session.remote import RemoteObject, Student
from grading.session.session import Session
from grading.testing import checks, differences, gradients

PROPERTY = settings(max_examples=30, deadline=None)

NAN, INF = math.nan, math.inf
GENERATOR = Opaque("a generator")


def double(*numbers: Any) -> Tensor:
    """A tensor in double precision."""
    return torch.tensor(numbers, dtype=torch.float64)


def zeros(*shape: int) -> Tensor:
    """Zeros in double precision."""
    return torch.zeros(*shape, dtype=torch.float64)


def numbered(*shape: int) -> Tensor:
    """0, 1, 2 and so on, in double precision."""
    return torch.arange(math.prod(shape), dtype=torch.float64).reshape(shape)


def module_in_the_worker(kind: str = "Linear", is_module: bool = True) -> RemoteObject:
    """A handle on a module, or on another object, whose state is empty."""
    state = wire.Returned(1, wire.Mapping(()))
    session = SimpleNamespace(do=lambda service: state, steps=[])
    return RemoteObject(cast(Session, session), wire.Ref(1, kind, is_module))


def student_with(sent: list[Any], now: Any) -> Student:
    """A student whose last call was sent these arguments, which are now those."""
    return cast(Student, SimpleNamespace(sent_arguments=lambda: sent, arguments=lambda: now))


def raising(message: str = "chunk is 0", *bases: str) -> Callable[..., Any]:
    """A call in which the student's code raises, as the grader sees it."""
    kinds = bases or ("ValueError", "Exception", "BaseException", "object")
    raised = wire.Raised(1, kinds[0], message, (), kinds)

    def call(*args: Any, **kwargs: Any) -> Any:
        raise StudentError(raised, "ex01_a.py", "")

    return call


def gradient_check(answer: Callable[[Tensor], Any], upstream: Tensor | None = None) -> None:
    """Does the answer have the gradient of x², for some x?"""
    x = double(1.0, -2.0, 3.0).requires_grad_()
    gradients.same_gradients(answer(x), x**2, {"x": x}, upstream)


def with_a_slope_more(x: Tensor) -> Tensor:
    """x² with the gradient of x² + x."""
    return x**2 + x - x.detach()


@dataclass
class Tried:
    """A call of a check, and words that its detail holds where it fails."""

    check: Callable[..., Any]
    args: tuple[Any, ...]
    words: tuple[str, ...] = ()
    options: dict[str, Any] = field(default_factory=dict)


PASSING = {
    "tensor": Tried(checks.tensor, (zeros(2),)),
    "tensor of a shape": Tried(checks.tensor, (zeros(2, 3), (2, 3))),
    "tensor of a shape as list": Tried(checks.tensor, (zeros(2, 3), [2, 3])),
    "tensor without axes": Tried(checks.tensor, (double(1.0)[0], ())),
    "tensor of a dtype": Tried(checks.tensor, (zeros(2), None, torch.float64)),
    "tensor of ints": Tried(checks.tensor, (torch.ones(2).long(), (2,), torch.int64)),
    "close": Tried(checks.close, (numbered(2, 3), numbered(2, 3))),
    "close with gradient": Tried(checks.close, (zeros(2).requires_grad_(), zeros(2))),
    "close to one with gradient": Tried(checks.close, (zeros(2), zeros(2).requires_grad_())),
    "close and infinite": Tried(checks.close, (double(INF, -INF), double(INF, -INF))),
    "close and empty": Tried(checks.close, (zeros(0, 3), zeros(0, 3))),
    "close in single": Tried(checks.close, (torch.ones(2), torch.ones(2))),
    "equal ints": Tried(checks.equal, (torch.tensor([1, 2]), torch.tensor([1, 2]))),
    "equal truths": Tried(checks.equal, (torch.tensor([True]), torch.tensor([True]))),
    "equal number": Tried(checks.equal, (3, 3)),
    "equal text": Tried(checks.equal, ("abc", "abc")),
    "equal tuple": Tried(checks.equal, ((1, "a"), (1, "a"))),
    "equal none": Tried(checks.equal, (None, None)),
    "array": Tried(checks.array, (np.zeros((2, 3), np.float32), (2, 3))),
    "array of a dtype": Tried(checks.array, (np.zeros(2), (2,), np.float64)),
    "items of a tuple": Tried(checks.items, ((1, 2, 3), 3)),
    "items of a list": Tried(checks.items, ([1, 2, 3], 3)),
    "no items": Tried(checks.items, ((), 0)),
    "pair": Tried(checks.pair, ((1, 2),)),
    "pair as list": Tried(checks.pair, ([1, 2],)),
    "number": Tried(checks.number, (2.5,)),
    "number as int": Tried(checks.number, (3,)),
    "number as tensor": Tried(checks.number, (torch.tensor(2.5),)),
    "number as array": Tried(checks.number, (np.array(2.5),)),
    "python float": Tried(checks.python_float, (2.5,)),
    "shape": Tried(checks.shape, ((2, 3),)),
    "shape as list": Tried(checks.shape, ([2, 3],)),
    "shape as tensor": Tried(checks.shape, (torch.tensor([2, 3]),)),
    "shape as array": Tried(checks.shape, (np.array([2, 3]),)),
    "shape without axes": Tried(checks.shape, ((),)),
    "module": Tried(checks.module, (module_in_the_worker(),)),
    "reach": Tried(gradients.reach, ({"x": double(1.0, -2.0), "b": None}, "x")),
    "differ": Tried(checks.differ, (zeros(2), double(0.0, 0.1))),
    "differ in shape": Tried(checks.differ, (zeros(2), zeros(3))),
    "varied": Tried(checks.varied, (double(0.0, 0.1),)),
    "varied ints": Tried(checks.varied, (torch.tensor([1, 2]),)),
    "one number varied": Tried(checks.varied, (zeros(1),)),
    "differ in ints": Tried(checks.differ, (torch.tensor([1]), torch.tensor([2]))),
    "unchanged": Tried(checks.unchanged, (student_with([zeros(2), 3], [zeros(2), 3]),)),
    "unchanged NaN": Tried(checks.unchanged, (student_with([double(NAN)], [double(NAN)]),)),
    "unchanged None": Tried(checks.unchanged, (student_with([None], [None]),)),
    "unchanged list": Tried(
        checks.unchanged, (student_with([[zeros(2), "a"]], [[zeros(2), "a"]]),)
    ),
    "unchanged array": Tried(checks.unchanged, (student_with([np.ones(2)], [np.ones(2)]),)),
    "raises": Tried(checks.raises, (ValueError, raising())),
    "raises a subclass": Tried(
        checks.raises, (ValueError, raising("", "UnicodeError", "ValueError", "Exception"))
    ),
    "raises and names": Tried(checks.raises, (ValueError, raising()), options={"naming": "chunk"}),
    "same gradients": Tried(gradient_check, (lambda x: x * x,)),
    "same gradients of a loss": Tried(gradient_check, (lambda x: x * x, double(1.0, 2.0, 0.0))),
    "holds": Tried(checks.holds, (True, "never said")),
}

FAILING = {
    "reach none": Tried(
        gradients.reach, ({"x": double(1.0), "b": None}, "x", "b"), ("no gradient reaches b",)
    ),
    "reach unknown": Tried(gradients.reach, ({}, "b"), ("no gradient reaches b",)),
    "reach some": Tried(
        gradients.reach, ({"x": double(1.0, 0.0)}, "x"), ("no gradient reaches some numbers of x",)
    ),
    "number for tensor": Tried(
        checks.tensor, (2.5,), ("returned a float (2.5), expected a tensor",)
    ),
    "list for tensor": Tried(checks.tensor, ([1, 2, 3],), ("returned a list of 3, expected",)),
    "none for tensor": Tried(checks.tensor, (None,), ("returned None, expected a tensor",)),
    "array for tensor": Tried(checks.tensor, (np.zeros(2),), ("a NumPy array of shape (2,)",)),
    "module for tensor": Tried(checks.tensor, (module_in_the_worker(),), ("of class Linear",)),
    "axes swapped": Tried(
        checks.tensor, (zeros(5, 4), (4, 5)), ("returned (5, 4), expected (4, 5): axes swapped?",)
    ),
    "three axes swapped": Tried(
        checks.tensor,
        (zeros(2, 3, 4), (4, 2, 3)),
        ("returned (2, 3, 4), expected (4, 2, 3): axes swapped?",),
    ),
    "axis of one too many": Tried(
        checks.tensor, (zeros(4, 1), (4,)), ("(4,): an axis of one too many?",)
    ),
    "axis of one missing": Tried(
        checks.tensor, (zeros(4), (1, 4)), ("(1, 4): an axis of one missing?",)
    ),
    "axis too many": Tried(checks.tensor, (zeros(4, 5), (4,)), ("(4,): an axis too many?",)),
    "axis missing": Tried(checks.tensor, (zeros(5), (4, 5)), ("(4, 5): an axis missing?",)),
    "wrong dtype": Tried(
        checks.tensor,
        (torch.ones(2), (2,), torch.float64),
        ("returned float32, expected float64",),
    ),
    "far": Tried(
        checks.close,
        (double(1.0, 2.0, 5.0), double(1.0, 2.0, 3.0)),
        ("[2] is 5.0, expected 3.0 (1 of 3 values differ)",),
    ),
    "far in two axes": Tried(
        checks.close,
        (numbered(2, 2), numbered(2, 2) * double([1, 2], [1, 3])),
        ("[0, 1] is 1.0, expected 2.0 (2 of 4 values differ)",),
    ),
    "near, but not near enough": Tried(
        checks.close, (double(1.70001), double(1.7)), ("[0] is 1.70001, expected 1.7",)
    ),
    "zero with a sign": Tried(
        checks.close, (double(1.0), double(-0.0)), ("[0] is 1.0, expected 0.0",)
    ),
    "far without axes": Tried(checks.close, (double(1.0)[0], double(2.0)[0]), ("is 1.0, exp",)),
    "NaN": Tried(
        checks.close, (double(NAN), double(1.0)), ("is nan", "some values are not finite")
    ),
    "NaN where NaN is right": Tried(checks.close, (double(NAN), double(NAN)), ("is nan",)),
    "infinite": Tried(checks.close, (double(INF), double(-INF)), ("is inf", "not finite")),
    "single for double": Tried(checks.close, (torch.ones(2), double(1.0, 1.0)), ("float32",)),
    "scalar for tensor": Tried(checks.close, (1.0, double(1.0)), ("expected a tensor",)),
    "unequal ints": Tried(
        checks.equal, (torch.tensor([1, 2]), torch.tensor([1, 3])), ("[1] is 2, expected 3",)
    ),
    "unequal truths": Tried(
        checks.equal, (torch.tensor([True]), torch.tensor([False])), ("is True, expected False",)
    ),
    "ints in another dtype": Tried(
        checks.equal, (torch.ones(2).int(), torch.ones(2).long()), ("int32, expected int64",)
    ),
    "equal NaN in a tensor": Tried(checks.equal, (double(NAN), double(NAN)), ("is nan",)),
    "equal NaN": Tried(checks.equal, (NAN, float("nan")), ("returned nan, expected nan",)),
    "unequal number": Tried(checks.equal, (3, 4), ("returned 3, expected 4",)),
    "unequal text": Tried(checks.equal, ("a", "b"), ("returned 'a', expected 'b'",)),
    "float for int": Tried(checks.equal, (3.0, 3), ("returned a float (3.0), expected an int",)),
    "truth for int": Tried(checks.equal, (True, 1), ("returned a bool (True), expected an int",)),
    "list for tuple": Tried(checks.equal, ([1], (1,)), ("a list of 1, expected a tuple",)),
    "tensor for int": Tried(checks.equal, (torch.tensor(3), 3), ("a tensor of shape ()",)),
    "tensor for array": Tried(
        checks.array, (zeros(2), (2,)), ("a tensor of shape (2,), expected a NumPy array",)
    ),
    "array swapped": Tried(
        checks.array, (np.zeros((5, 4), np.float32), (4, 5)), ("(4, 5): axes swapped?",)
    ),
    "array in double": Tried(
        checks.array, (np.zeros(2), (2,)), ("returned float64, expected float32",)
    ),
    "one for two": Tried(
        checks.items, (zeros(2), 2), ("a tensor of shape (2,), expected a tuple or list of 2",)
    ),
    "three for two": Tried(checks.items, ((1, 2, 3), 2), ("returned 3 items, expected 2",)),
    "single for pair": Tried(checks.pair, (zeros(2),), ("expected a tuple or list of 2",)),
    "packed for pair": Tried(checks.pair, (pack_sequence([zeros(1)]),), ("expected 2",)),
    "vector for number": Tried(checks.number, (zeros(1),), ("a tensor of shape (1,), expected",)),
    "truth for number": Tried(checks.number, (True,), ("a bool (True), expected a number",)),
    "truth in a tensor for number": Tried(checks.number, (torch.tensor(True),), ("a number",)),
    "complex for number": Tried(checks.number, (torch.tensor(1j),), ("expected a number",)),
    "NumPy number for tensor": Tried(
        checks.tensor, (np.array(2.5),), ("returned a NumPy number, expected a tensor",)
    ),
    "complex array for number": Tried(checks.number, (np.array(1j),), ("expected a number",)),
    "text for number": Tried(checks.number, ("2.5",), ("a str ('2.5'), expected a number",)),
    "tensor for float": Tried(
        checks.python_float, (torch.tensor(2.5),), ("of shape (), expected a Python float",)
    ),
    "int for float": Tried(checks.python_float, (2,), ("an int (2), expected a Python float",)),
    "floats for shape": Tried(checks.shape, ((2.0, 3.0),), ("expected a tuple of whole numbers",)),
    "truths for shape": Tried(checks.shape, ((True, False),), ("tuple of whole numbers",)),
    "number for shape": Tried(checks.shape, (3,), ("an int (3), expected a tuple",)),
    "tensor of floats for shape": Tried(checks.shape, (zeros(2),), ("of shape (2,), expected",)),
    "no module": Tried(
        checks.module, (zeros(2),), ("gave a tensor of shape (2,), expected a torch.nn.Module",)
    ),
    "no difference": Tried(
        checks.differ,
        (zeros(2), zeros(2)),
        ("expected them to differ, but they are almost the same (the first is [0.0, 0.0])",),
    ),
    "hardly a difference": Tried(
        checks.differ, (zeros(2), zeros(2) + 1e-4), ("they are almost the same",)
    ),
    "a constant": Tried(
        checks.varied, (zeros(2, 3),), ("returned 0.0 everywhere, expected numbers that differ",)
    ),
    "hardly varied": Tried(checks.varied, (double(1.0, 1.0001),), ("1.0 everywhere",)),
    "NaN varied": Tried(checks.varied, (double(1.0, NAN),), ("everywhere",)),
    "NaN for a difference": Tried(checks.differ, (double(NAN), zeros(1)), ("not finite",)),
    "no tensors": Tried(checks.differ, (1, 2), ("expected a tensor",)),
    "changed": Tried(
        checks.unchanged,
        (student_with([3, double(1.0)], [3, double(2.0)]),),
        ("argument 2 was changed in place: it held [1.0], and after the call it held [2.0]",),
    ),
    "changed in a list": Tried(
        checks.unchanged, (student_with([[zeros(1)]], [[zeros(1) + 1]]),), ("argument 1 was",)
    ),
    "list emptied": Tried(checks.unchanged, (student_with([[1]], [[]]),), ("[1], and after",)),
    "number for list": Tried(checks.unchanged, (student_with([[1]], [3]),), ("argument 1 was",)),
    "gradient asked for": Tried(
        checks.unchanged,
        (student_with([zeros(1)], [zeros(1).requires_grad_()]),),
        ("held [0.0], and after the call it held [0.0] and asked for its gradient",),
    ),
    "dtype changed": Tried(
        checks.unchanged, (student_with([zeros(1)], [torch.zeros(1)]),), ("argument 1 was",)
    ),
    "shape changed": Tried(
        checks.unchanged, (student_with([zeros(2)], [zeros(1, 2)]),), ("argument 1 was",)
    ),
    "array changed": Tried(
        checks.unchanged, (student_with([np.zeros(1)], [np.ones(1)]),), ("argument 1 was",)
    ),
    "NaN written": Tried(
        checks.unchanged,
        (student_with([zeros(1)], [double(NAN)]),),
        ("after the call it held [nan]",),
    ),
    "arguments withheld": Tried(checks.unchanged, (student_with([1, 2], [1]),), ("arguments",)),
    "nothing raised": Tried(
        checks.raises,
        (ValueError, lambda: zeros(2)),
        ("returned a tensor of shape (2,), expected ValueError to be raised",),
    ),
    "another exception": Tried(
        checks.raises,
        (ValueError, raising("9", "KeyError", "LookupError", "Exception")),
        ("expected ValueError, but this was raised: KeyError: 9",),
    ),
    "the cause unnamed": Tried(
        checks.raises,
        (ValueError, raising("bad input 7")),
        ("'bad input 7'", "to name 'chunk'"),
        {"naming": "chunk"},
    ),
    "cut off": Tried(
        gradient_check,
        (lambda x: (x * x).detach(),),
        ("the graph was cut on the way (detach, no_grad, NumPy, .data …)",),
    ),
    "other gradient": Tried(
        gradient_check, (with_a_slope_more,), ("the gradient with respect to x: [0] is 3.0",)
    ),
    "other graph": Tried(
        gradient_check,
        (lambda x: (x.detach() ** 2).requires_grad_(),),
        ("no gradient reaches x",),
    ),
    "gradient of another shape": Tried(gradient_check, (lambda x: x[:2],), ("returned (2,)",)),
    "holds not": Tried(checks.holds, (False, "too many", "9 of 3"), ("too many: 9 of 3",)),
}

CHECKS = {
    name
    for module in (checks, gradients)
    for name, function in vars(module).items()
    if inspect.isfunction(function)
    and function.__module__ == module.__name__
    and not name.startswith("_")
}


def run(case: Tried) -> Any:
    """Run the check."""
    return case.check(*case.args, **case.options)


def failure(case: Tried) -> WrongError:
    """What the check raises."""
    with pytest.raises(WrongError) as told:
        run(case)
    return told.value


@pytest.mark.parametrize("case", PASSING.values(), ids=PASSING.keys())
def test_right_answer_passes(case: Tried) -> None:
    """What is right raises nothing."""
    run(case)


@pytest.mark.parametrize("case", FAILING.values(), ids=FAILING.keys())
def test_wrong_answer_is_told_in_words(case: Tried) -> None:
    """What is wrong raises a `WrongError` whose detail says what was seen."""
    detail = failure(case).detail
    for words in case.words:
        assert words in detail


@pytest.mark.parametrize(("got", "expected"), [((1,), (1, 1)), ((1,), ()), ((1, 1), (1,))])
def test_nothing_is_guessed_where_every_size_is_one(
    got: tuple[int, ...], expected: tuple[int, ...]
) -> None:
    """Of sizes that are all 1, nobody can tell which axis is one too many, or missing."""
    with pytest.raises(WrongError) as told:
        checks.tensor(zeros(*got), expected)
    assert told.value.detail == f"the result: returned {got}, expected {expected}"


@pytest.mark.parametrize("case", FAILING.values(), ids=FAILING.keys())
def test_kind_carries_no_number(case: Tried) -> None:
    """The kind, which is all that a hidden test tells, has words and not one digit."""
    kind = failure(case).kind
    assert kind
    assert not re.search(r"\d|nan|inf\b", kind)


def test_every_check_is_tried_both_ways() -> None:
    """No check is missing from the passing or the failing calls above."""
    wrappers = {gradient_check: "same_gradients"}
    for calls in (PASSING, FAILING):
        tried = {wrappers.get(case.check, case.check.__name__) for case in calls.values()}
        assert CHECKS - tried <= {"gradients"}  # which judges nothing


# --- tolerances -------------------------------------------------------------------------------

STEPS = {torch.float32: (1e-5, 1e-4), torch.float64: (1e-9, 1e-7)}
EXPECTED = st.floats(-100, 100)
SIGNS = st.sampled_from([-1, 1])
DTYPES = st.sampled_from(list(STEPS))


def off_by(expected: float, share: float, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
    """An answer that is off by a share of what is tolerated, and the right one."""
    atol, rtol = STEPS[dtype]
    right = torch.tensor([expected], dtype=dtype)
    slack = atol + rtol * abs(float(right))
    answer = torch.tensor([float(right) + share * slack], dtype=dtype)
    return answer, right


@PROPERTY
@given(EXPECTED, SIGNS, DTYPES)
def test_just_within_the_tolerance_is_close(expected: float, sign: int, dtype: torch.dtype) -> None:
    """An answer that is off by nine tenths of atol + rtol·|expected| passes."""
    checks.close(*off_by(expected, 0.9 * sign, dtype))


@PROPERTY
@given(EXPECTED, SIGNS, DTYPES)
def test_just_outside_the_tolerance_is_wrong(
    expected: float, sign: int, dtype: torch.dtype
) -> None:
    """An answer that is off by eleven tenths of atol + rtol·|expected| fails."""
    with pytest.raises(WrongError):
        checks.close(*off_by(expected, 1.1 * sign, dtype))


def test_tolerances_are_those_that_students_read() -> None:
    """The tolerances are those that the module's docstring promises."""
    assert checks.TOLERANCES == STEPS
    text = checks.__doc__ or ""
    assert "atol 1e-9, rtol 1e-7 in float64" in text
    assert "atol 1e-5, rtol 1e-4 in\nfloat32" in text


@PROPERTY
@given(st.floats(1.1e-3, 1e3) | st.floats(-1e3, -1.1e-3), st.integers(0, 3))
@example(1.1e-3, 0)
def test_one_number_over_a_thousandth_apart_differs(gap: float, place: int) -> None:
    """Two results differ if one of their numbers does so by more than a thousandth."""
    second = zeros(4)
    second[place] = gap
    checks.differ(zeros(4), second)


@PROPERTY
@given(st.floats(-0.9e-3, 0.9e-3))
@example(0.9e-3)
def test_numbers_within_a_thousandth_do_not_differ(gap: float) -> None:
    """Two results that are nowhere further apart than a thousandth are the same."""
    with pytest.raises(WrongError):
        checks.differ(zeros(4), zeros(4) + gap)


NAN_CHECKS: dict[str, Callable[[], Any]] = {
    "close": lambda: checks.close(double(NAN), double(NAN)),
    "close among right ones": lambda: checks.close(double(0.0, NAN), double(0.0, NAN)),
    "equal": lambda: checks.equal(double(NAN), double(NAN)),
    "equal floats": lambda: checks.equal(float("nan"), float("nan")),
    "differ": lambda: checks.differ(double(NAN), double(0.0)),
    "gradient": lambda: gradient_check(lambda x: x**2 + (x - x.detach()) * NAN),
}


@pytest.mark.parametrize("check", NAN_CHECKS.values(), ids=NAN_CHECKS.keys())
def test_nan_earns_nothing(check: Callable[[], Any]) -> None:
    """NaN is equal to nothing, close to nothing, and makes no difference that would count."""
    with pytest.raises(WrongError):
        check()


# --- things without a value -------------------------------------------------------------------

OPAQUE: dict[str, Callable[[], Any]] = {
    "tensor": lambda: checks.tensor(GENERATOR),
    "close": lambda: checks.close(GENERATOR, zeros(1)),
    "equal": lambda: checks.equal(GENERATOR, 3),
    "array": lambda: checks.array(GENERATOR, (1,)),
    "items": lambda: checks.items(GENERATOR, 2),
    "pair": lambda: checks.pair(GENERATOR),
    "number": lambda: checks.number(GENERATOR),
    "python_float": lambda: checks.python_float(GENERATOR),
    "shape": lambda: checks.shape(GENERATOR),
    "module": lambda: checks.module(GENERATOR),
    "differ": lambda: checks.differ(GENERATOR, zeros(1)),
    "raises": lambda: checks.raises(ValueError, lambda: GENERATOR),
    "same_gradients": lambda: gradients.same_gradients(GENERATOR, zeros(1), {}),
}


@pytest.mark.parametrize("check", OPAQUE.values(), ids=OPAQUE.keys())
def test_thing_that_could_not_cross_is_named(check: Callable[[], Any]) -> None:
    """Where something came back that has no value here, the words say what it was."""
    with pytest.raises(WrongError) as told:
        check()
    assert "a generator, expected" in told.value.detail


def test_what_lies_in_a_list_is_written_as_numbers() -> None:
    """A tensor or an array in a list or a dict is as short to read as one by itself."""
    row = [double(1.0, 2.5), np.array([3])]
    assert differences.short(row) == "[[1.0, 2.5], [3]]"
    assert differences.short({"weight": tuple(row)}) == "{'weight': ([1.0, 2.5], [3])}"


@pytest.mark.parametrize("axes", range(1, 9))
def test_only_so_many_numbers_are_written(axes: int) -> None:
    """However many axes they lie in, no more are written down than fit a table of 40 rows."""
    written: list[Any] = [differences._cut(torch.zeros((6,) * axes))]
    while isinstance(written[0], list):
        written = [item for row in written for item in row]
    assert len(written) <= 40 * 40


def test_class_that_is_no_module_is_told() -> None:
    """An object of a class of the student's own that has nothing of a module is none."""
    with pytest.raises(WrongError) as told:
        checks.module(module_in_the_worker("Own", is_module=False), "Own")
    assert "gave an object of class Own, expected a torch.nn.Module" in told.value.detail


def test_both_opaque_are_not_equal() -> None:
    """Two things that could not cross are not the same answer."""
    with pytest.raises(WrongError):
        checks.equal(Opaque("a set"), Opaque("a set"))


# --- words ------------------------------------------------------------------------------------

NAMED: dict[str, Callable[[str], Any]] = {
    "tensor": lambda what: checks.tensor(1, what=what),
    "shape of a tensor": lambda what: checks.tensor(zeros(2), (3,), what=what),
    "close": lambda what: checks.close(zeros(1), zeros(1) + 1, what),
    "equal": lambda what: checks.equal(1, 2, what),
    "array": lambda what: checks.array(1, (2,), what=what),
    "items": lambda what: checks.items((1,), 2, what),
    "pair": lambda what: checks.pair(1, what),
    "number": lambda what: checks.number("", what),
    "python_float": lambda what: checks.python_float(1, what),
    "shape": lambda what: checks.shape(1, what),
    "module": lambda what: checks.module(1, what),
    "differ": lambda what: checks.differ(zeros(1), zeros(1), what),
}


@pytest.mark.parametrize("check", NAMED.values(), ids=NAMED.keys())
def test_what_was_looked_at_is_named(check: Callable[[str], Any]) -> None:
    """Kind and detail begin with the name of what was looked at."""
    with pytest.raises(WrongError) as told:
        check("the last state")
    assert told.value.kind.startswith("the last state")
    assert told.value.detail.startswith("the last state")


@PROPERTY
@given(st.lists(st.integers(1, 4), max_size=4), st.lists(st.integers(1, 4), max_size=4))
def test_guess_at_a_shape_fits_it(got: list[int], expected: list[int]) -> None:
    """Of two shapes that differ both are shown, and the question asked is about what differs."""
    assume(got != expected)
    with pytest.raises(WrongError) as told:
        checks.tensor(zeros(*got) if got else zeros(1)[0], expected)
    said = told.value.detail
    assert f"returned {tuple(got)}, expected {tuple(expected)}" in said
    assert ("swapped" in said) == (sorted(got) == sorted(expected))
    if "too many" in said or "missing" in said:
        assert ("too many" in said) == (len(got) > len(expected))
    if "of one" in said:
        assert [n for n in got if n > 1] == [n for n in expected if n > 1]


LONG: dict[str, Callable[[], Any]] = {
    "text": lambda: checks.equal("a" * 10_000, "b" * 10_000),
    "list": lambda: checks.equal(list(range(10_000)), [0]),
    "tensor": lambda: checks.differ(zeros(100, 100), zeros(100, 100)),
    "message": lambda: checks.raises(ValueError, raising("x" * 2_000), naming="y"),
    "argument": lambda: checks.unchanged(student_with([zeros(999)], [zeros(999) + 1])),
    "class": lambda: checks.tensor(module_in_the_worker("x" * 10_000)),
}


@pytest.mark.parametrize("check", LONG.values(), ids=LONG.keys())
def test_long_values_are_cut(check: Callable[[], Any]) -> None:
    """However long an answer is, a few lines say what was wrong with it."""
    with pytest.raises(WrongError) as told:
        check()
    assert len(told.value.detail) < 500


# --- what comes back from a check -------------------------------------------------------------


def test_tensor_gives_the_answer_itself() -> None:
    """The tensor that was checked is handed on, graph and all."""
    got = zeros(2).requires_grad_() * 2
    assert checks.tensor(got, (2,)) is got


def test_items_are_handed_on() -> None:
    """Items come back as a tuple, a pair as its two."""
    assert checks.items([1, 2, 3], 3) == (1, 2, 3)
    assert checks.pair([1, 2]) == (1, 2)


@pytest.mark.parametrize("got", [2, 2.0, torch.tensor(2), torch.tensor(2.0), np.array(2.0)])
def test_number_becomes_a_float(got: Any) -> None:
    """Whatever kind of number it was, it comes back as a float."""
    number = checks.number(got)
    assert type(number) is float
    assert number == 2.0


@pytest.mark.parametrize("got", [(2, 3), [2, 3], torch.tensor([2, 3]), np.array([2, 3])])
def test_shape_becomes_a_tuple(got: Any) -> None:
    """Whatever sequence it was, it comes back as a tuple of ints."""
    assert checks.shape(got) == (2, 3)
    assert all(type(size) is int for size in checks.shape(got))


def test_other_outcomes_pass_through_raises() -> None:
    """A stub that is still there is no raised exception to be judged."""

    def untouched() -> Any:
        raise NotStarted("step still raises NotImplementedError")

    with pytest.raises(NotStarted):
        checks.raises(NotImplementedError, untouched)


# --- gradients --------------------------------------------------------------------------------


def test_gradients_are_those_of_the_weighted_sum() -> None:
    """The gradients are those of (result · upstream).sum(), by each input in order."""
    x, y = double(1.0, 2.0).requires_grad_(), double(3.0, 4.0).requires_grad_()
    by_x, by_y = gradients.gradients(x * y, [x, y], double(10.0, 1.0))
    assert torch.equal(cast(Tensor, by_x), y.detach() * double(10.0, 1.0))
    assert torch.equal(cast(Tensor, by_y), x.detach() * double(10.0, 1.0))


def test_gradient_that_does_not_arrive_is_none() -> None:
    """An input that a result doesn't depend on has no gradient."""
    x, y = double(1.0).requires_grad_(), double(2.0).requires_grad_()
    assert gradients.gradients(x * 2, [x, y])[1] is None


def test_zero_and_no_gradient_are_the_same() -> None:
    """Where the right answer doesn't use an input, zeros are as good as no gradient."""
    x, unused = double(1.0, 2.0).requires_grad_(), double(3.0, 4.0).requires_grad_()
    leaves = {"x": x, "unused": unused}
    gradients.same_gradients(x**2 + 0 * unused, x**2, leaves)
    gradients.same_gradients(x**2, x**2 + 0 * unused, leaves)


def test_result_that_depends_on_no_input_needs_no_gradient() -> None:
    """A graph is asked for only where a change of an input would change the result."""
    x = double(1.0).requires_grad_()
    gradients.same_gradients(double(2.0), double(2.0) + 0 * x, {"x": x})
    with pytest.raises(WrongError, match="carries no gradient"):
        gradients.same_gradients(double(2.0), 2 * x, {"x": x})


def test_upstream_weighs_what_is_compared() -> None:
    """Gradients are compared under the upstream gradient that was given: zeros hide all."""
    with pytest.raises(WrongError):
        gradient_check(with_a_slope_more, double(0.0, 0.0, 1.0))
    gradient_check(with_a_slope_more, zeros(3))
