"""Exercise 4: which answers depend on which inputs."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from grading.report.pictures import paper
from grading.report.pictures.model import Drawing, Row, normal, numbers, rotation
from grading.report.pictures.training import EVERY_STATE, twin
from grading.session.remote import Student
from grading.testing import checks

T, H = 12, 8


def influence(student: Student, figure: Figure) -> list[Row]:
    """(T, T): how far answer t moves when input s is changed, the student's above torch's."""
    x = normal(1, T, 1, seed=1).repeat(T + 1, 1, 1)
    x[torch.arange(T), torch.arange(T)] += 1.0  # row s has its step s changed; the last has none
    model = checks.module(student.RNNSeq2Seq(1, H, 1), "RNNSeq2Seq")
    torchs = _torchs()
    model.load(torchs.state_dict())
    got = _moved(numbers(model(x), (T + 1, T, 1), "what RNNSeq2Seq gives"))
    right = _moved(torchs(x).detach().to(torch.float64))
    limit = paper.largest(got, right)
    axes_pair = paper.panels(figure, 2, sharex=True)
    for axes, values, title in zip(
        axes_pair, (got, right), ("yours", "right (torch)"), strict=True
    ):
        mesh = paper.heat(axes, values, 0, limit, "Blues")
        axes.set(title=title, ylabel="changed input", yticks=[0.5, T - 0.5])
        axes.set_yticklabels(["1", str(T)])
    named = paper.ticks(T)
    axes_pair[1].set(xlabel="answer at step", xticks=[step - 0.5 for step in named])
    axes_pair[1].set_xticklabels(list(map(str, named)))
    figure.colorbar(mesh, ax=axes_pair, label="how far the answer moves")
    rows = [
        (s + 1, t + 1, float(got[s, t]), float(right[s, t])) for s in range(T) for t in range(T)
    ]
    return [("changed input", "answer", "yours", "right"), *rows]


def _moved(answers: Tensor) -> Tensor:
    """(T + 1, T, 1) → (T, T)"""
    return (answers[:-1] - answers[-1]).abs()[:, :, 0]


def _torchs() -> nn.Sequential:
    model = twin(1, H, 1, EVERY_STATE)
    state = {name: torch.zeros_like(value) for name, value in model.state_dict().items()}
    matrices = {"rnn.weight_hh_l0": rotation(H, seed=3) * 0.9, "fc.weight": normal(1, H, seed=4)}
    model.load_state_dict(state | matrices | {"rnn.weight_ih_l0": normal(H, 1, seed=2) * 0.6})
    return model


DRAWINGS = (
    Drawing(
        "influence",
        "Which answer depends on which input",
        "One input was changed at a time (rows); the colour tells how far each answer moved "
        "(columns). Below the diagonal all must be blank: no answer may know what comes later. "
        "The upper panel is your RNNSeq2Seq, the lower one torch's with the same weights.",
        influence,
        5.2,
    ),
)
