"""Gradients across the line: a call becomes one node of this side's graph, run backward over there.

What a student's function returned arrives as fresh tensors. Those that carried gradient there are
given a node here whose backward pass asks the worker for that of the call.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Tensor
from torch.nn.utils.rnn import PackedSequence

from grading.session.outcomes import WrongError

Backward = Callable[[list[Tensor | None]], Any]
"""The gradients by a result's tensors → those by the call's arguments, as the worker sends them."""


def attach(result: Any, inputs: list[Tensor], backward: Backward) -> Any:
    """The result, with its tensors that carry gradient joined to this side's graph."""
    tensors = list(carrying(result))
    if not tensors:
        return result
    anchor = torch.zeros((), requires_grad=True)
    detached = [tensor.detach() for tensor in tensors]
    attached = iter(
        _RemoteCall.apply(  # type: ignore[no-untyped-call]
            backward, detached, anchor, *inputs
        )
    )
    return _replaced(result, attached)


def carrying(value: Any) -> Iterator[Tensor]:
    """The tensors in a value that carry gradient, in order."""
    if isinstance(value, Tensor):
        if value.requires_grad:
            yield value
    elif isinstance(value, PackedSequence):
        yield from carrying(value.data)
    elif isinstance(value, dict):
        for item in value.values():
            yield from carrying(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from carrying(item)


class _RemoteCall(torch.autograd.Function):
    """The student's call as one node. The anchor makes its results carry gradient in any case."""

    @staticmethod
    def forward(
        ctx: Any, backward: Backward, values: list[Tensor], _anchor: Tensor, *inputs: Tensor
    ) -> tuple[Tensor, ...]:
        ctx.ask = backward
        ctx.inputs = [(tensor.shape, tensor.dtype) for tensor in inputs]
        ctx.set_materialize_grads(False)
        return tuple(value.clone() for value in values)

    @staticmethod
    def backward(ctx: Any, *upstream: Tensor | None) -> tuple[Any, ...]:
        return (None, None, None, *_fitting(ctx.ask(list(upstream)), ctx.inputs))


def _fitting(gradients: Any, inputs: list[tuple[torch.Size, torch.dtype]]) -> list[Any]:
    """The gradients, each of the shape and dtype of its argument, as torch asks of them."""
    if not isinstance(gradients, list) or len(gradients) != len(inputs):
        raise WrongError("the backward pass gave no gradients")
    for gradient, expected in zip(gradients, inputs, strict=True):
        fits = isinstance(gradient, Tensor) and (gradient.shape, gradient.dtype) == expected
        if gradient is not None and not fits:
            raise WrongError("a gradient has another shape or dtype than its argument")
    return gradients


def _replaced(result: Any, attached: Iterator[Tensor]) -> Any:
    """The result with the tensors that carry gradient replaced, in order."""
    if isinstance(result, Tensor):
        return next(attached) if result.requires_grad else result
    if isinstance(result, PackedSequence):
        return result._replace(data=_replaced(result.data, attached))
    if isinstance(result, dict):
        return {key: _replaced(item, attached) for key, item in result.items()}
    if isinstance(result, list | tuple):
        return type(result)([_replaced(item, attached) for item in result])
    return result
