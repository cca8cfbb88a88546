"""How an answer differs from what was expected: the `WrongError`, in words for the student."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from grading.line.values import Opaque
from grading.line.words import describe
from grading.session.outcomes import StudentError, WrongError
from grading.session.remote import RemoteObject

_SHOWN = 40
"""Items of a row, a list or a dict: more never fit the two lines that a value may take."""

_SHOWN_NUMBERS = _SHOWN**2
"""Of a tensor or array, so that those of many axes are no slower to write."""


@dataclass(frozen=True)
class Gradient:
    """What was compared where it was no result itself: a gradient of (result · upstream).sum()."""

    result: Any
    leaf: Tensor
    upstream: Tensor


@dataclass(frozen=True)
class Form:
    """What was expected where only a shape was, or a dtype."""

    shape: tuple[int, ...] | None
    dtype: Any = None


@contextmanager
def comparing(got: Any, expected: Any) -> Iterator[None]:
    """What is found wrong in here tells what was compared, so that it can be shown."""
    try:
        yield
    except WrongError as wrong:
        wrong.compared = (got, expected)
        raise


def wrong_answer(what: str, problem: str, returned: str, expected: str) -> WrongError:
    """The kind without what was seen, the detail with it."""
    return WrongError(f"{what}: {problem}", f"{what}: returned {returned}, expected {expected}")


def check_form(
    got: Tensor | np.ndarray[Any, Any], shape: Sequence[int] | None, dtype: Any, what: str
) -> None:
    """It has this shape and dtype, where they are given."""
    if shape is not None and tuple(got.shape) != tuple(shape):
        wanted = f"{tuple(shape)}{_guess(got.shape, shape)}"
        raise wrong_answer(what, "wrong shape", f"{tuple(got.shape)}", wanted)
    if dtype is not None and got.dtype != dtype:
        seen, wanted = (str(kind).removeprefix("torch.") for kind in (got.dtype, dtype))
        raise wrong_answer(what, "wrong dtype", seen, wanted)


def check_values(answer: Tensor, expected: Tensor, near: Tensor, what: str) -> None:
    """Its values are near those expected, all of them."""
    if not bool(near.all()):
        raise WrongError(f"{what}: wrong values", _places(answer, expected, near, what))


def check_exception(seen: StudentError, error: type[Exception], naming: str) -> None:
    """It is of this class, and its message names what was wrong."""
    if error.__name__ not in seen.raised.bases:
        raise WrongError(
            f"another exception than {error.__name__}",
            f"expected {error.__name__}, but this was raised: {seen.detail}",
        ) from None
    if naming not in seen.raised.message:
        raise WrongError(
            f"the {error.__name__} doesn't name what was wrong",
            f"the message of the {error.__name__} is {seen.raised.message!r:.200}; "
            f"expected it to name {naming!r}",
        ) from None


def check_argument(position: int, sent: Any, now: Any) -> None:
    """An argument is what was sent: its numbers, and whether it asks for its gradient."""
    if _same(sent, now):
        return
    asks_alike = _asks(sent) == _asks(now)
    what = "changed in place" if asks_alike else "made to ask for its gradient, or not to"
    held = f"it {_held(sent)}, and after the call it {_held(now)}"
    raise WrongError(f"an argument was {what}", f"argument {position} was {what}: {held}")


def _same(sent: Any, now: Any) -> bool:
    if isinstance(sent, Tensor):
        return (
            isinstance(now, Tensor)
            and (sent.shape, sent.dtype) == (now.shape, now.dtype)
            and sent.requires_grad == now.requires_grad
            and bool(torch.equal(sent.nan_to_num(0.5), now.nan_to_num(0.5)))
        )
    if isinstance(sent, np.ndarray):
        return isinstance(now, np.ndarray) and bool(np.array_equal(sent, now, equal_nan=True))
    if isinstance(sent, list | tuple):
        alike = isinstance(now, list | tuple) and len(sent) == len(now)
        return alike and all(map(_same, sent, now))
    return not isinstance(sent, bool | int | float | str) or bool(sent == now)


# --- words ------------------------------------------------------------------------------------


def said(got: Any) -> str:
    """A type in words, with the value where it is short."""
    if isinstance(got, Opaque):
        return got.what
    if isinstance(got, RemoteObject):
        return f"an object of class {got.ref.kind[:80]}"
    if got is None:
        return "None"
    if isinstance(got, Tensor):
        return f"a tensor of shape {tuple(got.shape)}"
    if isinstance(got, np.ndarray):
        return f"a NumPy array of shape {got.shape}" if got.ndim else "a NumPy number"
    if isinstance(got, PackedSequence):
        return "a PackedSequence"
    if isinstance(got, tuple | list):
        return f"a {type(got).__name__} of {len(got)}"
    if isinstance(got, bool | int | float | str):
        return f"{describe(got)} ({short(got)})"
    return describe(got)


def _held(argument: Any) -> str:
    """What an argument held, and whether it asked for its gradient."""
    return f"held {short(argument)}{' and asked for its gradient' if _asks(argument) else ''}"


def _asks(argument: Any) -> bool:
    return isinstance(argument, Tensor) and argument.requires_grad


def short(thing: Any) -> str:
    """A value, cut to what fits two lines."""
    text = repr(_cut(thing))
    return text if len(text) <= 120 else text[:117] + "…"


def _cut(thing: Any) -> Any:
    """Of a value so much as can be shown, tensors and arrays as lists of numbers."""
    if isinstance(thing, Tensor | np.ndarray):
        plain = thing.detach() if isinstance(thing, Tensor) else thing
        along = min(_SHOWN, int(_SHOWN_NUMBERS ** (1 / max(plain.ndim, 1))))
        return _rounded(plain[(slice(along),) * plain.ndim].tolist())
    if isinstance(thing, list | tuple):
        items = [_cut(item) for item in thing[:_SHOWN]]
        return items if isinstance(thing, list) else tuple(items)
    if isinstance(thing, dict):
        return {name: _cut(thing[name]) for name in islice(thing, _SHOWN)}
    return thing


def _guess(got: Sequence[int], expected: Sequence[int]) -> str:
    """What may have led to one shape in place of another, as a question; or nothing."""
    if all(size == 1 for size in (*got, *expected)):  # any axis may be the one that is at fault
        return ""
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


def _places(got: Tensor, expected: Tensor, near: Tensor, what: str) -> str:
    """Where two tensors of one shape disagree, and by how much."""
    wrong = int((~near).sum())
    index = tuple(int(i) for i in (~near).nonzero()[0])
    place = f": [{', '.join(map(str, index))}]" if index else ""
    seen, right = got[index].item(), expected[index].item()
    if _figure(seen) != _figure(right):
        seen, right = _figure(seen), _figure(right)
    text = f"{what}{place} is {seen}, expected {right}"
    if near.numel() > 1:
        text += f" ({wrong} of {near.numel()} values differ)"
    if not bool(torch.isfinite(got).all()):
        text += "; some values are not finite"
    return text


def _rounded(thing: Any) -> Any:
    return [_rounded(item) for item in thing] if isinstance(thing, list) else _figure(thing)


def _figure(value: Any) -> Any:
    return float(f"{value:.4g}") + 0.0 if isinstance(value, float) else value  # no -0.0
