"""Exercise 3: the learning curve of train_step."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure
from torch import Tensor
from torch.nn import functional

from grading.report.pictures import paper
from grading.report.pictures.model import Drawing, Row, normal
from grading.report.pictures.training import LAST_STATE, Adam, over_there, twin
from grading.session.remote import Student
from grading.testing import checks

STEPS, LR = 60, 0.01


def learning_curve(student: Student, figure: Figure) -> list[Row]:
    """The loss before each step, on a torch model in the worker."""
    x, y = _task()
    torchs = twin(1, 12, 2, LAST_STATE)
    model = over_there(torchs, student)
    optimizer = student.make("torch.optim.Adam", model, lr=LR)
    got = [_loss(student.train_step(model, optimizer, x, y)) for _ in range(STEPS)]
    adam = Adam(torchs, LR)
    right = [adam.descend(functional.cross_entropy(torchs(x), y)) for _ in range(STEPS)]
    steps = list(range(1, STEPS + 1))
    (axes,) = paper.panels(figure)
    paper.behind(axes, steps, right)
    paper.yours(axes, steps, got)
    axes.axhline(0.6931, color=paper.QUIET, linestyle=":", label="guessing")
    axes.set(xlabel="call of train_step", ylabel="cross-entropy")
    axes.set_ylim(bottom=0)
    axes.grid(visible=True)
    paper.legend(axes, 3)
    return [("step", "yours", "right"), *zip(steps, got, right, strict=True)]


def _task() -> tuple[Tensor, Tensor]:
    """Was the sum of ten numbers above zero? (64, 10, 1) and (64,)."""
    x = normal(64, 10, 1, seed=8)
    return x, (x.sum(dim=(1, 2)) > 0).to(torch.int64)


def _loss(got: object) -> float:
    loss = checks.number(got, "the loss of train_step")
    checks.holds(abs(loss) < 1e6, "the loss of train_step is not finite, or huge")
    return loss


DRAWINGS = (
    Drawing(
        "learning",
        "Learning, step by step",
        f"The loss that your train_step reports, called {STEPS} times on the same batch: is the "
        "sum of ten numbers above zero? The broad line behind is the same training by "
        "torch; right is when yours lies upon it. The dotted line is the loss of guessing.",
        learning_curve,
    ),
)
