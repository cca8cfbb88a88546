"""Exercise 1: the hidden states over time, the student's above torch's."""

from __future__ import annotations

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from grading.report.pictures import paper
from grading.report.pictures.model import Drawing, Row, normal, numbers, rotation
from grading.session.remote import Student
from grading.testing import checks

T, I, H = 24, 2, 6  # noqa: E741  (the field's own names)
HEARD = 4
"""Steps at which something comes in; after them the network is left to itself."""


def states(student: Student, figure: Figure) -> list[Row]:
    """(H, T) states as coloured cells, twice."""
    x = torch.zeros(1, T, I)
    x[:, :HEARD] = normal(1, HEARD, I, seed=1)
    W_xh, W_hh, b = normal(H, I, seed=2), rotation(H, seed=3) * 0.92, torch.zeros(H)
    output, _ = checks.pair(student.rnn_forward(x, None, W_xh, W_hh, b))
    got = numbers(output, (1, T, H), "output of rnn_forward")[0].T
    right = _torch(x, W_xh, W_hh, b)[0].T.to(got.dtype)
    limit = paper.largest(got, right)
    panels = paper.panels(figure, 2, sharex=True)
    for axes, values, title in zip(panels, (got, right), ("yours", "right (torch)"), strict=True):
        mesh = paper.heat(axes, values, -limit, limit, "RdBu_r")
        axes.set(title=title, ylabel="unit", yticks=[0.5, H - 0.5], yticklabels=["1", str(H)])
    named = paper.ticks(T)
    panels[1].set(xlabel="step", xticks=[step - 0.5 for step in named])
    panels[1].set_xticklabels(list(map(str, named)))
    figure.colorbar(mesh, ax=panels, label="state")
    rows = [
        (u + 1, t + 1, float(got[u, t]), float(right[u, t])) for u in range(H) for t in range(T)
    ]
    return [("unit", "step", "yours", "right"), *rows]


def _torch(x: Tensor, W_xh: Tensor, W_hh: Tensor, b: Tensor) -> Tensor:
    rnn = nn.RNN(I, H, batch_first=True)
    rnn.load_state_dict(
        {"weight_ih_l0": W_xh, "weight_hh_l0": W_hh, "bias_ih_l0": b, "bias_hh_l0": b}
    )
    return rnn(x)[0].detach()  # type: ignore[no-any-return]


DRAWINGS = (
    Drawing(
        "states",
        "Hidden states over time",
        "Each row is one unit of the state, each column a step. Something comes in during the "
        f"first {HEARD} steps only; what is seen after them is memory, which "
        "rings on and slowly fades. "
        "The upper panel is your rnn_forward, the lower one torch's: they should look alike.",
        states,
        4.2,
    ),
)
