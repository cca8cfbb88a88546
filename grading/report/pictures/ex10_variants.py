"""Exercise 10: how far back the gradient reaches in an RNN, an LSTM and a GRU."""

from __future__ import annotations

from collections.abc import Callable

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from grading.report.pictures import paper
from grading.report.pictures.model import Drawing, Row, normal, numbers
from grading.session.remote import Student
from grading.testing import checks

T, I, H = 200, 2, 5  # noqa: E741  (the field's own names)
OPEN = 5.0
"""Bias of the gate that keeps the old: its sigmoid is 0.993 a step."""

Step = Callable[[Tensor, Tensor], Tensor]


def reach(student: Student, figure: Figure) -> list[Row]:
    """Norm of the gradient of the last state by each step's input, on a log axis."""
    x = normal(T, I, seed=1)
    lstm, gru = _weights(4, slice(H, 2 * H)), _weights(3, slice(H, 2 * H))

    def lstm_step(x_t: Tensor, state: Tensor) -> Tensor:
        pair = checks.pair(
            student.lstm_step(x_t, *torch.split(state, H, dim=1), *lstm), "lstm_step"
        )
        return torch.cat([_checked(part, x_t, "lstm_step") for part in pair], dim=1)

    def gru_step(x_t: Tensor, state: Tensor) -> Tensor:
        return _checked(student.gru_step(x_t, state, *gru), x_t, "gru_step")

    plain = _by_torch(nn.RNN(I, H), _weights(1, slice(0, 0)), x)
    curves = (
        ("LSTM", _norms(lstm_step, x, 2 * H), _by_torch(nn.LSTM(I, H), lstm, x), paper.YOURS, "o"),
        ("GRU", _norms(gru_step, x, H), _by_torch(nn.GRU(I, H), gru, x), paper.VIOLET, "s"),
    )
    steps = list(range(1, T + 1))
    (axes,) = paper.panels(figure)
    for kind, got, right, color, marker in curves:
        paper.behind(axes, steps, right, label="right (torch)" if kind == "GRU" else None)
        paper.yours(axes, steps, got, color, marker=marker, label=f"your {kind}")
    axes.plot(steps, plain, color=paper.QUIET, linestyle="--", label="plain RNN (torch)")
    axes.set(xlabel="step that was read", ylabel="norm of ∂/∂xₜ")
    paper.log_axis(axes, -20, 4, 4)
    axes.grid(visible=True)
    paper.legend(axes)
    columns = (*(c[1] for c in curves), *(c[2] for c in curves), plain)
    names = ("step", "your LSTM", "your GRU", "right LSTM", "right GRU", "plain RNN")
    return [names, *zip(steps, *columns, strict=True)]


def _norms(step: Step, x: Tensor, size: int) -> list[float]:
    """The student's step, unrolled over x (T, I), and differentiated by each step's input.

    Forward, step by step. Then one call with all T steps as rows of a batch, `size` times each,
    gives the derivative of every state by the one before it: rows of a batch don't meet.
    """
    states = [torch.zeros(1, size)]
    for x_t in x:
        states.append(step(x_t[None], states[-1]).detach())
    read = x.repeat_interleave(size, dim=0).requires_grad_()
    before = torch.cat(states[:-1]).repeat_interleave(size, dim=0).requires_grad_()
    after = step(read, before)
    checks.holds(after.requires_grad, "the new state carries no gradient")
    each = torch.eye(size).repeat(T, 1)
    by_read, by_state = torch.autograd.grad((after * each).sum(), (read, before))
    by_read, by_state = by_read.reshape(T, size, I), by_state.reshape(T, size, size)
    upstream = torch.cat([torch.ones(H), torch.zeros(size - H)]).double()
    norms = []
    for t in reversed(range(T)):
        norms.append(float((upstream @ by_read[t].double()).norm()))
        upstream = upstream @ by_state[t].double()
    return [float(n) for n in numbers(torch.tensor(norms[::-1]), (T,), "the gradient")]


def _by_torch(module: nn.RNNBase, weights: tuple[Tensor, ...], x: Tensor) -> list[float]:
    names = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    module.load_state_dict(dict(zip(names, weights, strict=True)))
    read = x.double().requires_grad_()
    output, _ = module.double()(read)
    (gradient,) = torch.autograd.grad(output[-1].sum(), read)
    return [float(norm) for norm in gradient.norm(dim=1)]


def _weights(blocks: int, keeps: slice) -> tuple[Tensor, ...]:
    """Small random matrices, and a bias that holds the gate open that keeps the old."""
    bias = torch.zeros(blocks * H)
    bias[keeps] = OPEN
    rows = blocks * H
    return normal(rows, I, seed=2) * 0.5, normal(rows, H, seed=3) * 0.3, bias, torch.zeros(rows)


def _checked(got: object, x_t: Tensor, what: str) -> Tensor:
    answer = checks.tensor(got, (len(x_t), H), torch.float32, f"the state of {what}")
    numbers(answer, (len(x_t), H), f"the state of {what}")
    return answer


DRAWINGS = (
    Drawing(
        "reach",
        "How far back the gradient reaches",
        f"The gradient of the last state by what was read at each of {T} steps, on a log axis. The "
        "gate that keeps the old is held open by its bias, so the LSTM and the GRU carry the "
        "gradient all the way; in a plain RNN it is gone within a few dozen steps. Yours are your "
        "lstm_step and gru_step, unrolled; the broad lines behind are torch's.",
        reach,
    ),
)
