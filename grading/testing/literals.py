"""Values as Python writes them, for lines that a student can paste."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
from torch import Tensor

MAX_NUMBERS = 2000
"""Of a tensor: no line that is to be pasted holds more."""


class UnknownError(Exception):
    """A value that can't be written down in a line."""


def literal(value: Any) -> str:
    """A value as Python writes it. Raises UnknownError for one that can't be written so."""
    if isinstance(value, Tensor):
        return _tensor(value)
    if isinstance(value, np.ndarray):
        return f"{_tensor(_from_array(value))}.numpy()"
    if isinstance(value, list | tuple):
        items = ", ".join(map(literal, value))
        if isinstance(value, list):
            return f"[{items}]"
        return f"({items},)" if len(value) == 1 else f"({items})"
    if isinstance(value, float):
        return _number(value)
    if isinstance(value, torch.dtype):
        return str(value)
    if isinstance(value, np.dtype):
        return f"numpy.dtype({value.name!r})"
    if value is None or isinstance(value, bool | int | str):
        return repr(value)
    raise UnknownError


def by_name(values: dict[str, Any]) -> str:
    """Parameters or gradients as a dict that fits a line."""
    return "{" + ", ".join(f"{name!r}: {literal(value)}" for name, value in values.items()) + "}"


def gradients(name: str, value: Any) -> list[str]:
    """A line that gives the tensors of a list their `.grad`, where they have one."""
    if not isinstance(value, list | tuple) or not any(
        isinstance(item, Tensor) and item.grad is not None for item in value
    ):
        return []
    grads = literal([item.grad for item in value])
    return [give("grad", f"p, grad in zip({name}, {grads})")]


def give(grad: str, loop: str) -> str:
    """Give each p its `.grad` in a plain line: after a `for` Python waits for an empty one."""
    return f'_ = [setattr(p, "grad", {grad}) for {loop}]'


def _from_array(value: np.ndarray[Any, Any]) -> Tensor:
    try:
        return torch.from_numpy(value)
    except TypeError:  # of texts, or of objects
        raise UnknownError from None


def _tensor(value: Tensor) -> str:
    if value.numel() > MAX_NUMBERS:
        raise UnknownError
    usual = value.dtype in (torch.float32, torch.int64, torch.bool) and value.numel() > 0
    dtype = "" if usual else f", dtype={value.dtype}"
    grad = ".requires_grad_()" if value.requires_grad else ""
    if value.numel() == 0:
        return f"torch.empty({tuple(value.shape)}{dtype}){grad}"
    return f"torch.tensor({_numbers(value.detach().tolist())}{dtype}){grad}"


def _numbers(value: Any) -> str:
    """A number, or a list of lists of numbers, those with a point to six digits."""
    if isinstance(value, list):
        return f"[{', '.join(map(_numbers, value))}]"
    return _number(float(f"{value:.6g}") + 0.0) if isinstance(value, float) else repr(value)


def _number(value: float) -> str:
    """A float by itself; one that isn't finite has no name of its own."""
    text = repr(float(value))
    return text if math.isfinite(value) else f'float("{text}")'
