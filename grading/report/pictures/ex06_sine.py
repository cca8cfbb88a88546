"""Exercise 6: learning the sine, and the forecast rolled out beyond the data."""

from __future__ import annotations

import math
from statistics import fmean
from typing import Any

import torch
from matplotlib.figure import Figure
from torch import Tensor
from torch.nn import functional

from grading.report.pictures import paper
from grading.report.pictures.model import Drawing, Row, numbers
from grading.report.pictures.training import LAST_STATE, Adam, over_there, twin
from grading.session.remote import Student
from grading.testing import checks

WINDOW, SAMPLES, EPOCHS, BATCH, LR = 24, 256, 12, 64, 0.01
AHEAD = 36


def learning_curve(student: Student, figure: Figure) -> list[Row]:
    """The losses that train_sin_predictor returns, on a torch model in the worker."""
    _, got = _trained(student)
    right = _by_torch()
    epochs = list(range(1, EPOCHS + 1))
    (axes,) = paper.panels(figure)
    paper.behind(axes, epochs, right, label="torch, in another order of batches")
    paper.yours(axes, epochs, got)
    axes.set(xlabel="epoch", ylabel="mean squared error")
    paper.log_axis(axes, -4, 1, 1)
    axes.grid(visible=True)
    paper.legend(axes)
    return [("epoch", "yours", "torch"), *zip(epochs, got, right, strict=True)]


def rolled_out(student: Student, figure: Figure) -> list[Row]:
    """The trained model's forecast, fed with its own predictions."""
    model, _ = _trained(student)
    wave = _wave(WINDOW + AHEAD)
    known, future = wave[:WINDOW], wave[WINDOW:].tolist()
    answer = student.forecast(model, known[:, None], AHEAD)
    got = numbers(answer, (AHEAD,), "what forecast gives").tolist()
    (axes,) = paper.panels(figure)
    before, after = list(range(1 - WINDOW, 1)), list(range(1, AHEAD + 1))
    axes.plot(before, known.tolist(), color=paper.INK, label="the window given")
    paper.behind(axes, after, future, label="the true sine")
    held = [float(known[-1])] * AHEAD
    axes.plot(after, held, color=paper.QUIET, linestyle="--", label="persistence: nothing changes")
    paper.yours(axes, after, got, label="your forecast")
    axes.axvline(0.5, color=paper.GRID)
    axes.set(xlabel="steps ahead", ylabel="value")
    paper.legend(axes)
    rows = zip(after, got, future, held, strict=True)
    return [("steps ahead", "yours", "true", "persistence"), *rows]


def _trained(student: Student) -> tuple[Any, list[float]]:
    """A torch model in the worker, trained by the student; the losses."""
    X, y = _data()
    flat = student.make("torch.nn.Flatten", 0)
    model = over_there(twin(1, 20, 1, LAST_STATE), student, flat)
    losses = student.train_sin_predictor(model, X, y, epochs=EPOCHS, lr=LR, batch_size=BATCH)
    items = checks.items(losses, EPOCHS, "the list of losses")
    got = [checks.number(loss, "a loss of train_sin_predictor") for loss in items]
    fine = all(math.isfinite(loss) and 0 < loss < 1e6 for loss in got)
    checks.holds(fine, "the losses of train_sin_predictor are not all finite and above zero")
    return model, got


def _by_torch() -> list[float]:
    torchs = twin(1, 20, 1, LAST_STATE)
    adam = Adam(torchs, LR)

    def error(some: tuple[Tensor, Tensor]) -> float:
        windows, following = some
        return adam.descend(functional.mse_loss(torchs(windows), following[:, None]))

    parts = [torch.split(values, BATCH) for values in _data()]
    return [fmean(map(error, zip(*parts, strict=True))) for _ in range(EPOCHS)]


def _data() -> tuple[Tensor, Tensor]:
    """(SAMPLES, WINDOW, 1) and (SAMPLES,): pieces of one long sine, each begun a step later."""
    pieces = _wave(SAMPLES + WINDOW).unfold(0, WINDOW + 1, 1)
    return pieces[:, :WINDOW, None], pieces[:, WINDOW]


def _wave(steps: int) -> Tensor:
    """(steps,), nearly two periods in a window, and never twice the same value."""
    return torch.sin(0.52 * torch.arange(steps))


DRAWINGS = (
    Drawing(
        "learning",
        "Learning to predict a sine",
        f"The mean squared error that your train_sin_predictor reports for each of {EPOCHS} "
        "epochs, on a log axis. The broad line behind is the same training by torch; yours "
        "needn't lie upon it, since the batches come in another order, but it should fall like it.",
        learning_curve,
    ),
    Drawing(
        "forecast",
        "A forecast beyond the data",
        f"A model trained by your train_sin_predictor sees {WINDOW} values; then your forecast "
        f"feeds it its own predictions for {AHEAD} steps. Compare with the true sine (broad line) "
        "and with persistence, the forecast that nothing changes. Small errors add up: the further "
        "ahead, the further off.",
        rolled_out,
    ),
)
