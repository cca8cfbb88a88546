"""Exercise 5: how gradients fade or grow on their way back through time."""

from __future__ import annotations

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch import Tensor, nn

from grading.report.pictures import paper
from grading.report.pictures.model import Drawing, Row, normal, numbers, rotation
from grading.session.remote import Student
from grading.testing.gradients import gradients

T, H = 50, 16
RADII = (0.7, 0.9, 1.0, 1.15)
LOOKS = ((paper.YOURS, "o"), (paper.GREEN, "s"), (paper.VIOLET, "^"), (paper.PINK, "D"))
PANELS = (("tiny inputs: tanh is straight", 1e-6), ("ordinary inputs: tanh flattens", 0.6))


def norms(student: Student, figure: Figure) -> list[Row]:
    """Gradient norm against the step that was read, on a log axis: a curve for each radius."""
    rows: list[Row] = [("inputs", "radius", "step", "yours", "right", "theory")]
    for axes, (title, scale) in zip(paper.panels(figure, 2, sharex=True), PANELS, strict=True):
        for radius, (color, marker) in zip(RADII, LOOKS, strict=True):
            got, right = _both(student, radius, normal(1, T, H, seed=7) * scale)
            theory = [float(right[-1]) * radius ** (T - t) for t in range(1, T + 1)]
            _curves(axes, got, right, theory, radius=radius, color=color, marker=marker)
            rows += [
                (title, radius, t + 1, float(got[t]), float(right[t]), theory[t]) for t in range(T)
            ]
        axes.set(title=title, ylabel="norm of ∂/∂xₜ")
        paper.log_axis(axes, -9, 6, 3)
        axes.grid(visible=True)
    axes.set(xlabel="step t that was read (the loss is at the last one)")
    axes.plot([], [], color=paper.RIGHT, linewidth=5, label="right (torch)")
    axes.plot([], [], color=paper.INK, linestyle=":", label="theory: ρ a step")
    paper.legend(axes, 2)
    return rows


def _both(student: Student, radius: float, x: Tensor) -> tuple[Tensor, Tensor]:
    """(T,) and (T,): the student's norms, and torch's."""
    state = {
        "weight_ih_l0": rotation(H, seed=3),
        "weight_hh_l0": rotation(H, seed=4) * radius,
        "bias_ih_l0": torch.zeros(H),
        "bias_hh_l0": torch.zeros(H),
    }
    remote = student.make("torch.nn.RNN", H, H, batch_first=True)
    remote.load(state)
    got = numbers(student.input_gradient_norms(remote, x), (T,), "input_gradient_norms")
    rnn = nn.RNN(H, H, batch_first=True)
    rnn.load_state_dict(state)
    every_step, at_the_end = rnn(x.requires_grad_())[0], torch.eye(T)[-1]
    (slope,) = gradients(every_step, [x], at_the_end[None, :, None].expand(1, T, H))
    return got, torch.einsum("bti,bti->t", slope, slope) ** 0.5


def _curves(
    axes: Axes,
    got: Tensor,
    right: Tensor,
    theory: list[float],
    *,
    radius: float,
    color: str,
    marker: str,
) -> None:
    steps = list(range(1, T + 1))
    paper.behind(axes, steps, right.tolist(), label=None)
    axes.plot(steps, theory, color=paper.INK, linestyle=":", linewidth=1, zorder=2)
    label = f"yours, ρ = {radius:g}"
    paper.yours(axes, steps, got.tolist(), color, marker=marker, label=label)


DRAWINGS = (
    Drawing(
        "reach",
        "How far gradients reach",
        f"The norm of the gradient of the last output by what was read at each of {T} steps, for "
        "four spectral radii ρ of W_hh (which is ρ times a rotation). Above, with tiny inputs, "
        "each step back multiplies by ρ: "
        "your curves, torch's behind them and the dotted theory agree. "
        "Below, with ordinary inputs, large states flatten tanh, and the curves leave the theory: "
        "even with ρ above 1 the gradient need not explode.",
        norms,
        6.2,
    ),
)
