"""What graded tests say about an answer: each check raises `WrongError` with words for the student.

Every failure has a kind, which carries no numbers and is all that a hidden test tells, and a detail
with what was seen. Values agree within atol 1e-9, rtol 1e-7 in float64 and atol 1e-5, rtol 1e-4 in
float32; NaN equals nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from grading.outcomes import StudentError, WrongError
from grading.remote import RemoteObject, Student
from grading.values import Opaque
from grading.words import describe

TOLERANCES = {torch.float64: (1e-9, 1e-7), torch.float32: (1e-5, 1e-4)}
"""dtype → (atol, rtol)."""

_DIFFERENT = 1e-3
"""Two answers that should differ do so by more than this, somewhere."""


@dataclass(frozen=True)
class Gradient:
    """What was compared where it was no result itself: a gradient of (result · upstream).sum()."""

    result: Any
    leaf: Tensor
    upstream: Tensor


def tensor(
    got: Any,
    shape: Sequence[int] | None = None,
    dtype: torch.dtype | None = None,
    what: str = "the result",
) -> Tensor:
    """The answer as a tensor of this shape and dtype, or WrongError."""
    if not isinstance(got, Tensor):
        raise WrongError(
            f"{what} has the wrong type", f"{what}: returned {_said(got)}, expected a tensor"
        )
    if shape is not None and tuple(got.shape) != tuple(shape):
        raise WrongError(f"{what} has the wrong shape", f"{what}: {_shapes(got.shape, shape)}")
    if dtype is not None and got.dtype != dtype:
        raise WrongError(
            f"{what} has the wrong dtype",
            f"{what}: returned {_dtype(got.dtype)}, expected {_dtype(dtype)}",
        )
    return got


def close(got: Any, expected: Tensor, what: str = "the result") -> None:
    """The answer has the shape, the dtype and, within the tolerances, the values expected."""
    _compare(got, expected, what, got)


def _compare(got: Any, expected: Tensor, what: str, shown: Any) -> None:
    try:
        answer = tensor(got, expected.shape, expected.dtype, what).detach()
        _compare_values(answer, expected.detach(), what)
    except WrongError as wrong:
        wrong.compared = (shown, expected.detach())
        raise


def _compare_values(answer: Tensor, expected: Tensor, what: str) -> None:
    atol, rtol = TOLERANCES[expected.dtype]
    near = torch.isclose(answer, expected, rtol=rtol, atol=atol)
    if not bool(near.all()):
        raise WrongError(f"{what} has wrong values", _values(answer, expected, near, what))


def equal(got: Any, expected: Any, what: str = "the result") -> None:
    """The answer is exactly what is expected: a number, a text, a tensor of ints or booleans."""
    try:
        _compare_exactly(got, expected, what)
    except WrongError as wrong:
        wrong.compared = (got, expected)
        raise


def _compare_exactly(got: Any, expected: Any, what: str) -> None:
    if isinstance(expected, Tensor):
        answer = tensor(got, expected.shape, expected.dtype, what)
        near = answer == expected
        if not bool(near.all()):
            raise WrongError(f"{what} has wrong values", _values(answer, expected, near, what))
    elif type(got) is not type(expected):
        wanted = describe(expected)
        raise WrongError(
            f"{what} has the wrong type", f"{what}: returned {_said(got)}, expected {wanted}"
        )
    elif got != expected:
        raise WrongError(
            f"{what} is wrong", f"{what}: returned {_short(got)}, expected {_short(expected)}"
        )


def array(
    got: Any, shape: Sequence[int], dtype: Any = np.float32, what: str = "the result"
) -> np.ndarray[Any, Any]:
    """The answer as a NumPy array of this shape and dtype, or WrongError."""
    if not isinstance(got, np.ndarray):
        raise WrongError(
            f"{what} has the wrong type", f"{what}: returned {_said(got)}, expected a NumPy array"
        )
    if got.shape != tuple(shape):
        raise WrongError(f"{what} has the wrong shape", f"{what}: {_shapes(got.shape, shape)}")
    if got.dtype != np.dtype(dtype):
        raise WrongError(
            f"{what} has the wrong dtype",
            f"{what}: returned {got.dtype}, expected {np.dtype(dtype)}",
        )
    return got


def items(got: Any, count: int, what: str = "the result") -> tuple[Any, ...]:
    """The items of a tuple or list of this length, or WrongError."""
    if not isinstance(got, tuple | list):
        raise WrongError(
            f"{what} has the wrong type",
            f"{what}: returned {_said(got)}, expected a tuple of {count}",
        )
    if len(got) != count:
        raise WrongError(
            f"{what} has the wrong number of items",
            f"{what}: returned {len(got)} items, expected {count}",
        )
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
    raise WrongError(f"{what} is no number", f"{what}: returned {_said(got)}, expected a number")


def python_float(got: Any, what: str = "the result") -> float:
    """The answer as a float where a Python float is asked for, or WrongError."""
    if type(got) is not float:
        raise WrongError(
            f"{what} is no Python float", f"{what}: returned {_said(got)}, expected a Python float"
        )
    return got


def shape(got: Any, what: str = "the shape") -> tuple[int, ...]:
    """The answer as a shape: any sequence of ints, or WrongError."""
    sizes = got.tolist() if isinstance(got, Tensor | np.ndarray) and got.ndim == 1 else got
    if isinstance(sizes, tuple | list) and all(type(size) is int for size in sizes):
        return tuple(sizes)
    raise WrongError(
        f"{what} has the wrong type",
        f"{what}: returned {_said(got)}, expected a tuple of whole numbers",
    )


def module(got: Any, what: str = "the class") -> RemoteObject:
    """The handle of a torch.nn.Module in the worker, or WrongError."""
    if not isinstance(got, RemoteObject):
        raise WrongError(
            f"{what} gives no module", f"{what}: gave {_said(got)}, expected a torch.nn.Module"
        )
    got.state()
    return got


def differ(first: Any, second: Any, what: str = "two results that should differ") -> None:
    """Two answers are not the same: the other side of a property that a constant would have."""
    first, second = tensor(first, what=what), tensor(second, what=what)
    if first.shape != second.shape or not first.numel():
        return
    gap = (first.detach().to(torch.complex128) - second.detach().to(torch.complex128)).abs().max()
    if not float(gap) > _DIFFERENT:
        raise WrongError(f"{what} are the same", f"{what} are the same: {_short(first)}")


def unchanged(student: Student) -> None:
    """The last call left its positional arguments as they were sent."""
    before, after = student.sent_arguments(), student.arguments()
    holds(len(after) == len(before), "the arguments can't be read back")
    for position, (sent, now) in enumerate(zip(before, after, strict=True), start=1):
        if not _same(sent, now):
            raise WrongError(
                "an argument was changed in place",
                f"argument {position} was changed in place: it held {_short(sent)}, "
                f"and after the call {_short(now)}",
            )


def raises(
    error: type[Exception], call: Callable[..., Any], *args: Any, naming: str = "", **kwargs: Any
) -> None:
    """The student's code raises this exception, and its message names what was wrong."""
    try:
        got = call(*args, **kwargs)
    except StudentError as seen:
        _check_exception(seen, error, naming)
        return
    raise WrongError(
        f"no {error.__name__} was raised",
        f"returned {_said(got)}, expected a {error.__name__} to be raised",
    )


def gradients(
    result: Tensor, inputs: Sequence[Tensor], upstream: Tensor | None = None
) -> tuple[Tensor | None, ...]:
    """The gradient by each input of the loss (result · upstream).sum(); None where none arrives.

    As a loss of one number: torch imports sympy (0.5 s) for a backward pass from a tensor.
    """
    loss = result.sum() if upstream is None else (result * upstream).sum()
    return torch.autograd.grad(loss, inputs, retain_graph=True, allow_unused=True)


def same_gradients(
    got: Any,
    expected: Tensor,
    inputs: dict[str, Tensor],
    upstream: Tensor | None = None,
) -> None:
    """The answer and the oracle give the same gradient to each of the inputs.

    `inputs` are leaf tensors that both were computed from; `upstream` is the gradient of some loss
    by the result (ones where it isn't given).
    """
    answer = tensor(got, expected.shape, expected.dtype)
    upstream = torch.ones_like(expected) if upstream is None else upstream
    if not answer.requires_grad:
        raise WrongError(
            "the result carries no gradient",
            "the result carries no gradient: it was cut off from the arguments on the way",
        )
    leaves = list(inputs.values())
    wanted = gradients(expected, leaves, upstream)
    seen = gradients(answer, leaves, upstream)
    for name, leaf, seen_grad, wanted_grad in zip(inputs, leaves, seen, wanted, strict=True):
        zero = torch.zeros_like(leaf)
        if seen_grad is None and wanted_grad is not None and bool(wanted_grad.any()):
            raise WrongError(f"no gradient reaches {name}")
        _compare(
            zero if seen_grad is None else seen_grad,
            zero if wanted_grad is None else wanted_grad,
            f"the gradient by {name}",
            Gradient(got, leaf, upstream),
        )


def holds(condition: bool, otherwise: str, detail: str = "") -> None:
    """The condition holds; `otherwise` says, without numbers, what was seen where it doesn't."""
    if not condition:
        raise WrongError(otherwise, f"{otherwise}: {detail}" if detail else otherwise)


# --- words ------------------------------------------------------------------------------------


def _check_exception(seen: StudentError, error: type[Exception], naming: str) -> None:
    if error.__name__ not in seen.raised.bases:
        raise WrongError(
            f"another exception than {error.__name__}",
            f"raised {seen.detail}; expected a {error.__name__}",
        ) from None
    if naming not in seen.raised.message:
        raise WrongError(
            f"the {error.__name__} doesn't name what was wrong",
            f"the message of the {error.__name__} is {seen.raised.message!r:.200}; "
            f"expected it to name {naming!r}",
        ) from None


def _same(sent: Any, now: Any) -> bool:
    if isinstance(sent, Tensor):
        return (
            isinstance(now, Tensor)
            and (sent.shape, sent.dtype) == (now.shape, now.dtype)
            and bool(torch.equal(sent.nan_to_num(0.5), now.nan_to_num(0.5)))
        )
    if isinstance(sent, np.ndarray):
        return isinstance(now, np.ndarray) and bool(np.array_equal(sent, now, equal_nan=True))
    if isinstance(sent, list | tuple):
        alike = isinstance(now, list | tuple) and len(sent) == len(now)
        return alike and all(map(_same, sent, now))
    return not isinstance(sent, bool | int | float | str) or bool(sent == now)


def _said(got: Any) -> str:
    """A type in words, with the value where it is short."""
    if isinstance(got, Opaque):
        return got.what
    if isinstance(got, RemoteObject):
        return f"an object of class {got.ref.kind[:80]}"
    if got is None:
        return "None (is a return missing?)"
    if isinstance(got, Tensor):
        return f"a tensor of shape {_shape(got.shape)}"
    if isinstance(got, tuple | list):
        return f"a {type(got).__name__} of {len(got)}"
    if isinstance(got, bool | int | float | str):
        return f"{describe(got)} ({_short(got)})"
    return describe(got)


def _short(thing: Any) -> str:
    """A value, cut to what fits two lines."""
    if isinstance(thing, Tensor):
        thing = _rounded(thing.detach().tolist())
    text = repr(thing)
    return text if len(text) <= 120 else text[:117] + "…"


def _rounded(thing: Any) -> Any:
    return [_rounded(item) for item in thing] if isinstance(thing, list) else _figure(thing)


def _figure(value: Any) -> Any:
    return float(f"{value:.4g}") if isinstance(value, float) else value


def _shape(shape: Sequence[int]) -> str:
    return str(tuple(shape))


def _shapes(got: Sequence[int], expected: Sequence[int]) -> str:
    return f"returned {_shape(got)}, expected {_shape(expected)}{_guess(list(got), list(expected))}"


def _guess(got: list[int], expected: list[int]) -> str:
    """What may have led to a shape, as a question."""
    if sorted(got) == sorted(expected):
        return ": axes swapped?"
    if [size for size in got if size != 1] == [size for size in expected if size != 1]:
        more = len(got) > len(expected)
        return ": an axis of one too many?" if more else ": an axis of one missing?"
    if len(got) > len(expected):
        return ": an axis too many?"
    if len(got) < len(expected):
        return ": an axis missing?"
    return ""


def _dtype(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _values(got: Tensor, expected: Tensor, near: Tensor, what: str) -> str:
    """Where two tensors of one shape disagree, and by how much."""
    wrong = int((~near).sum())
    index = tuple(int(i) for i in (~near).nonzero()[0])
    place = f"[{', '.join(map(str, index))}]" if index else ""
    text = (
        f"{what}{place} is {_figure(got[index].item())}, expected {_figure(expected[index].item())}"
    )
    if near.numel() > 1:
        text += f" ({wrong} of {near.numel()} values differ)"
    if not bool(torch.isfinite(got).all()):
        text += "; some values are not finite"
    return text
