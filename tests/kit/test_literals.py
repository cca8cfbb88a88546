"""Values as Python writes them: what is pasted is the value again."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from grading.testing.literals import UnknownError, literal


def pasted(value: Any) -> Any:
    """What the line gives where a student pastes it."""
    return eval(literal(value), {"torch": torch})


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        3,
        -1.5,
        "a'b\n",
        [],
        [1, [2.0]],
        (),
        (1,),
        (1, "b"),
        [(None,), (False, 2)],
        math.inf,
        [-math.inf],
        (np.float64(1.5),),
    ],
    ids=repr,
)
def test_plain_value_is_pasted_as_itself(value: Any) -> None:
    """None, truths, numbers, texts, lists and tuples come back as what they were."""
    got = pasted(value)
    assert type(got) is type(value)
    assert got == value


@pytest.mark.parametrize("dtype", [torch.float64, torch.int64, np.dtype("float32")], ids=str)
def test_dtype_is_pasted_as_itself(dtype: Any) -> None:
    """A dtype of torch's or NumPy's comes back as what it was."""
    assert eval(literal(dtype), {"torch": torch, "numpy": np}) == dtype


TENSORS = {
    "floats": torch.tensor([[0.1, -2.0], [3.5, 1e-9]]),
    "doubles": torch.tensor([0.5, 1e300], dtype=torch.float64),
    "whole numbers": torch.tensor([1, -2]),
    "bytes": torch.tensor([1, 255], dtype=torch.uint8),
    "truths": torch.tensor([True, False]),
    "no axes": torch.tensor(2.5),
    "with gradient": torch.ones(2, requires_grad=True),
    "odd numbers": torch.tensor([float("inf"), float("-inf"), float("nan"), float("inf")]),
    "nothing": torch.ones(2, 0, dtype=torch.float64),
    "no rows": torch.ones(0, 3),
    "endless": torch.tensor(float("inf")),
}


@pytest.mark.parametrize("tensor", TENSORS.values(), ids=TENSORS.keys())
def test_tensor_is_pasted_as_itself(tensor: Tensor) -> None:
    """A tensor comes back with its numbers, shape, dtype, and whether it asks for gradients."""
    got = pasted(tensor)
    assert (got.shape, got.requires_grad) == (tensor.shape, tensor.requires_grad)
    torch.testing.assert_close(got, tensor, rtol=1e-5, atol=0.0, equal_nan=True)


@pytest.mark.parametrize("dtype", ["f4", "f8", "i8", "?"])
def test_array_is_pasted_as_itself(dtype: str) -> None:
    """A NumPy array comes back as one, with its numbers and its dtype."""
    array = np.array([[0, 1], [1, 0]], dtype=dtype)
    got = pasted(array)
    assert type(got) is np.ndarray
    assert got.dtype == array.dtype
    assert (got == array).all()


@pytest.mark.parametrize(
    "value",
    [{1}, [1, {}], (object(),), 1j, np.array(["a"])],
    ids=["set", "in", "at", "1j", "texts"],
)
def test_value_that_no_line_can_hold_is_told_apart(value: Any) -> None:
    """What can't be written so that it can be pasted is never written in some other way."""
    with pytest.raises(UnknownError):
        literal(value)
