"""Exercise 9: where truncated backpropagation cuts the gradient."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from grading.report.pictures import paper
from grading.report.pictures.model import Drawing, Row, normal, numbers, rotation
from grading.session.remote import Student
from grading.testing import checks

T, I, H, CHUNK = 24, 2, 8, 8  # noqa: E741  (the field's own names)


def truncated(student: Student, figure: Figure) -> list[Row]:
    """The gradient by each step of a loss at every chunk's end, whole and cut."""
    rnn = nn.RNN(I, H, batch_first=True)
    zero = {"bias_ih_l0": torch.zeros(H), "bias_hh_l0": torch.zeros(H)}
    weights = {"weight_ih_l0": normal(H, I, seed=1) * 0.5, "weight_hh_l0": rotation(H, seed=2)}
    rnn.load_state_dict(zero | weights)
    remote = student.make("torch.nn.RNN", I, H, batch_first=True)
    remote.load(rnn.state_dict())
    x = (normal(1, T, I, seed=3) * 0.3).requires_grad_()
    output, _ = checks.pair(student.truncated_forward(remote, x, CHUNK), "truncated_forward")
    numbers(output, (1, T, H), "output of truncated_forward")
    checks.holds(output.requires_grad, "output of truncated_forward carries no gradient")
    got = _by_step(output, x)
    full = _by_step(rnn(x)[0], x)
    cut = [0.0] * (T - CHUNK) + full[T - CHUNK :]
    steps = list(range(1, T + 1))
    (axes,) = paper.panels(figure)
    paper.behind(axes, steps, cut, label="right, truncated (torch)")
    axes.plot(steps, full, color=paper.QUIET, linestyle="--", label="full backpropagation (torch)")
    paper.yours(axes, steps, got, label="your truncated_forward", markevery=1)
    for edge in range(CHUNK, T, CHUNK):
        axes.axvline(edge + 0.5, color=paper.INK, linestyle=":", linewidth=1.2)
    axes.set(xlabel="step that was read", ylabel="gradient of the last state")
    axes.set_ylim(bottom=-0.03 * max(*full, *got))
    paper.legend(axes, 1)
    rows = zip(steps, got, cut, full, strict=True)
    return [("step", "yours", "right", "full"), *rows]


def _by_step(output: Tensor, x: Tensor) -> list[float]:
    """The norm of the gradient of the last state by each step of x; T numbers."""
    (gradient,) = torch.autograd.grad(output[:, -1].sum(), x, allow_unused=True)
    whole = torch.zeros_like(x) if gradient is None else gradient
    norms: list[float] = numbers(whole, tuple(x.shape), "the gradient").norm(dim=(0, 2)).tolist()
    return norms


DRAWINGS = (
    Drawing(
        "truncated",
        "Where truncation cuts the gradient",
        f"How strongly the last state depends on what was read at each of {T} steps, as the "
        f"gradient tells it. Chunks of {CHUNK} steps end at the dotted lines. Through your "
        "truncated_forward nothing may arrive from before the last cut; the dashed line is what "
        "full backpropagation sees. Inside the last chunk all agree.",
        truncated,
        3.8,
    ),
)
