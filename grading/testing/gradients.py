"""What graded tests say about gradients, which are asked for across the line.

Raised as `WrongError` with words for the student, as by the checks of values.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

from grading.testing.checks import close, holds, tensor
from grading.testing.differences import Gradient, comparing


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
    by the result (ones where it isn't given). A result that depends on none of them may do without.
    """
    answer = tensor(got, expected.shape, expected.dtype)
    upstream = torch.ones_like(expected) if upstream is None else upstream
    leaves = list(inputs.values())
    zeros = [torch.zeros_like(leaf) for leaf in leaves]
    wanted = [
        zero if grad is None else grad
        for zero, grad in zip(zeros, gradients(expected, leaves, upstream), strict=True)
    ]
    if not answer.requires_grad:
        with comparing(Gradient(got, leaves[0], upstream), True):
            cut = any(grad.any() for grad in wanted)
            way = "the graph was cut on the way (detach, no_grad, NumPy, .data …)"
            holds(not cut, "the result carries no gradient", way)
        return
    seen = gradients(answer, leaves, upstream)
    for name, leaf, zero, grad, right in zip(inputs, leaves, zeros, seen, wanted, strict=True):
        with comparing(Gradient(got, leaf, upstream), right):
            holds(grad is not None or not right.any(), f"no gradient reaches {name}")
            close(zero if grad is None else grad, right, f"the gradient with respect to {name}")


def reach(gradients: Mapping[str, Tensor | None], *names: str) -> None:
    """A gradient has come to each of these, and every number of it is something."""
    for name in names:
        gradient = gradients.get(name)
        holds(gradient is not None, f"no gradient reaches {name}")
        whole = gradient is None or bool(gradient.all())
        holds(whole, f"no gradient reaches some numbers of {name}")
