"""Values as Python writes them, for lines that a student can paste."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor


class UnknownError(Exception):
    """A value that can't be written down in a line."""


def literal(value: Any) -> str:
    """A value as Python writes it. Raises UnknownError for one that can't be written so."""
    if isinstance(value, Tensor):
        return _tensor(value)
    if isinstance(value, np.ndarray):
        return f"{_tensor(torch.from_numpy(value))}.numpy()"
    if isinstance(value, list | tuple):
        items = ", ".join(map(literal, value))
        if isinstance(value, list):
            return f"[{items}]"
        return f"({items},)" if len(value) == 1 else f"({items})"
    if value is None or isinstance(value, bool | int | float | str):
        return repr(value)
    raise UnknownError


def _tensor(value: Tensor) -> str:
    usual = value.dtype in (torch.float32, torch.int64, torch.bool) and value.numel() > 0
    dtype = "" if usual else f", dtype={value.dtype}"
    text = repr(_rounded(value.detach().tolist())).replace("nan", 'float("nan")')
    text = text.replace("-inf", '-float("inf")').replace("[inf", '[float("inf")')
    text = text.replace(" inf", ' float("inf")')
    grad = ".requires_grad_()" if value.requires_grad else ""
    return f"torch.tensor({text}{dtype}){grad}"


def _rounded(value: Any) -> Any:
    """Numbers to six digits; a zero has no sign."""
    if isinstance(value, list):
        return [_rounded(item) for item in value]
    return float(f"{value:.6g}") + 0.0 if isinstance(value, float) else value
