"""What graded tests say about an answer: each check raises `WrongError` with words for the student.

Every failure has a kind, which carries no numbers and is all that a hidden test tells, and a detail
with what was seen. Values agree within atol 1e-9, rtol 1e-7 in float64 and atol 1e-5, rtol 1e-4 in
float32; NaN equals nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from grading.counting import counted
from grading.line.words import describe
from grading.session.outcomes import StudentError, WrongError
from grading.session.remote import RemoteObject, Student
from grading.testing.differences import (
    Form,
    check_argument,
    check_exception,
    check_form,
    check_values,
    comparing,
    said,
    short,
    wrong_answer,
)

TOLERANCES = {torch.float64: (1e-9, 1e-7), torch.float32: (1e-5, 1e-4)}
"""dtype → (atol, rtol)."""

_DIFFERENT, _FEW = 1e-3, 6
"""By how much answers that should differ do so somewhere; numbers that are read at a glance."""


def tensor(
    got: Any,
    shape: Sequence[int] | None = None,
    dtype: torch.dtype | None = None,
    what: str = "the result",
) -> Tensor:
    """The answer as a tensor of this shape and dtype, or WrongError."""
    if not isinstance(got, Tensor):
        raise wrong_answer(what, "wrong type", said(got), "a tensor")
    with comparing(got, Form(None if shape is None else tuple(shape), dtype)):
        check_form(got, shape, dtype, what)
    return got


def close(got: Any, expected: Tensor, what: str = "the result") -> None:
    """The answer has the shape, the dtype and, within the tolerances, the values expected."""
    expected = expected.detach()
    atol, rtol = TOLERANCES[expected.dtype]
    with comparing(got, expected):
        answer = tensor(got, expected.shape, expected.dtype, what).detach()
        if torch.equal(answer, expected):  # to the last bit, as most are: told twenty times sooner
            return
        check_values(answer, expected, torch.isclose(answer, expected, rtol=rtol, atol=atol), what)


def equal(got: Any, expected: Any, what: str = "the result") -> None:
    """The answer is exactly what is expected: a number, a text, a tensor of ints or booleans."""
    with comparing(got, expected):
        if isinstance(expected, Tensor):
            answer = tensor(got, expected.shape, expected.dtype, what)
            check_values(answer, expected, answer == expected, what)
        elif type(got) is not type(expected):
            raise wrong_answer(what, "wrong type", said(got), describe(expected))
        elif got != expected:
            raise wrong_answer(what, "wrong", short(got), short(expected))


def array(
    got: Any, shape: Sequence[int], dtype: Any = np.float32, what: str = "the result"
) -> np.ndarray[Any, Any]:
    """The answer as a NumPy array of this shape and dtype, or WrongError."""
    if not isinstance(got, np.ndarray):
        raise wrong_answer(what, "wrong type", said(got), "a NumPy array")
    with comparing(got, Form(tuple(shape), np.dtype(dtype))):
        check_form(got, shape, np.dtype(dtype), what)
    return got


def items(got: Any, count: int, what: str = "the result") -> tuple[Any, ...]:
    """The items of a tuple or list of this length, or WrongError."""
    if not isinstance(got, tuple | list):
        raise wrong_answer(what, "wrong type", said(got), f"a tuple or list of {count}")
    if len(got) != count:
        seen = counted(len(got), "item")
        raise wrong_answer(what, "wrong number of items", seen, f"{count}")
    return tuple(got)


def pair(got: Any, what: str = "the result") -> tuple[Any, Any]:
    """The two items of a tuple or list, or WrongError."""
    first, second = items(got, 2, what)
    return first, second


def number(got: Any, what: str = "the result") -> float:
    """The answer as a float: a Python number or a tensor without axes, or WrongError."""
    if isinstance(got, Tensor | np.ndarray) and got.ndim == 0:
        got = got.item()
    if isinstance(got, int | float) and not isinstance(got, bool):
        return float(got)
    raise wrong_answer(what, "no number", said(got), "a number")


def python_float(got: Any, what: str = "the result") -> float:
    """The answer as a float where a Python float is asked for, or WrongError."""
    if type(got) is not float:
        raise wrong_answer(what, "no Python float", said(got), "a Python float")
    return got


def shape(got: Any, what: str = "the shape") -> tuple[int, ...]:
    """The answer as a shape: any sequence of ints, or WrongError."""
    sizes = got.tolist() if isinstance(got, Tensor | np.ndarray) and got.ndim == 1 else got
    if isinstance(sizes, tuple | list) and all(type(size) is int for size in sizes):
        return tuple(sizes)
    seen = f"{said(got)}: {short(got)}" if isinstance(got, tuple | list) else said(got)
    raise wrong_answer(what, "wrong type", seen, "a tuple of whole numbers")


def module(got: Any, what: str = "the class") -> RemoteObject:
    """The handle of a torch.nn.Module in the worker, or WrongError."""
    if not isinstance(got, RemoteObject) or not got.ref.is_module:
        raise WrongError(
            f"{what} gives no module", f"{what}: gave {said(got)}, expected a torch.nn.Module"
        )
    return got


def differ(first: Any, second: Any, what: str = "the two results") -> None:
    """Two answers are not the same: the other side of a property that a constant would have."""
    first, second = tensor(first, what=what), tensor(second, what=what)
    if first.shape != second.shape or not first.numel():
        return
    gap = (first.detach().to(torch.complex128) - second.detach().to(torch.complex128)).abs().max()
    if not float(gap) > _DIFFERENT:
        almost = "they are almost the same"
        seen = almost if bool(gap.isfinite()) else "some values are not finite"
        problem = f"{what}: expected them to differ, but {seen}"
        few = f" (the first is {short(first)})" if first.numel() <= _FEW else ""
        raise WrongError(problem, problem + few)


def varied(got: Any, what: str = "the result") -> None:
    """The numbers of an answer aren't all the same; of a single one nothing can be said."""
    numbers = tensor(got, what=what).detach().double()
    if numbers.numel() > 1 and not float(numbers.max() - numbers.min()) > _DIFFERENT:
        seen = f"{short(numbers.flatten()[0])} everywhere"
        with comparing(got, None):
            raise wrong_answer(what, "one number", seen, "numbers that differ")


def unchanged(student: Student) -> None:
    """The last call left its positional arguments as they were sent."""
    before, after = student.sent_arguments(), student.arguments()
    holds(len(after) == len(before), "the arguments can't be read back")
    for position, (sent, now) in enumerate(zip(before, after, strict=True), start=1):
        with comparing(now, sent):
            check_argument(position, sent, now)


def raises(
    error: type[Exception], call: Callable[..., Any], *args: Any, naming: str = "", **kwargs: Any
) -> None:
    """The student's code raises this exception, and its message names what was wrong."""
    try:
        got = call(*args, **kwargs)
    except StudentError as seen:
        check_exception(seen, error, naming)
        return
    raise WrongError(
        f"no {error.__name__} was raised",
        f"returned {said(got)}, expected {error.__name__} to be raised",
    )


def holds(condition: bool, otherwise: str, detail: str = "") -> None:
    """The condition holds; `otherwise` says, without numbers, what was seen where it doesn't."""
    if not condition:
        raise WrongError(otherwise, f"{otherwise}: {detail}" if detail else otherwise)
