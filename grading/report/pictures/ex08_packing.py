"""Exercise 8: which steps are real, and what padding does to the last state."""

from __future__ import annotations

from typing import Any

import torch
from matplotlib.figure import Figure
from torch import Tensor, nn

from grading.counting import counted
from grading.report.pictures import paper
from grading.report.pictures.model import Drawing, Row, normal, numbers, rotation
from grading.session.remote import Student
from grading.testing import checks

T, F, H = 8, 2, 6
ROWS = ("###     ", "######  ", "##      ", "#####   ")
"""The batch: a mark for each real step."""

REAL = torch.tensor([[mark == "#" for mark in row] for row in ROWS])
LENGTHS = tuple(row.count("#") for row in ROWS)


def mask(student: Student, figure: Figure) -> list[Row]:
    """length_mask as cells: real steps are filled, wrong cells are crossed."""
    answer = student.length_mask(torch.tensor(LENGTHS), T)
    got = checks.tensor(answer, (len(LENGTHS), T), torch.bool, "length_mask")
    (axes,) = paper.panels(figure)
    for row, step in ((row, step) for row in range(len(LENGTHS)) for step in range(T)):
        real, good = bool(got[row, step]), bool(got[row, step] == REAL[row, step])
        axes.bar(
            step + 1,
            0.8,
            width=0.84,
            bottom=row - 0.4,
            color=paper.YOURS if real else "none",
            edgecolor=paper.QUIET,
        )
        if not good:
            axes.plot(step + 1, row, marker="x", color=paper.WRONG, markersize=15, mew=4)
    wrong = int((got != REAL).sum())
    axes.set_title(
        f"✗ {counted(wrong, 'cell')} wrong (crossed)" if wrong else "✓ all cells are right"
    )
    axes.set(xlabel="step", ylabel="row, its length", xticks=range(1, T + 1))
    axes.set_yticks(range(len(LENGTHS)), [f"{r + 1}, {n}" for r, n in enumerate(LENGTHS)])
    axes.invert_yaxis()
    cells = [(r + 1, t + 1) for r in range(len(LENGTHS)) for t in range(T)]
    rows = [(r, t, str(bool(got[r - 1, t - 1])), str(bool(REAL[r - 1, t - 1]))) for r, t in cells]
    return [("row", "step", "yours", "right"), *rows]


def pollution(student: Student, figure: Figure) -> list[Row]:
    """How far each row's last state is from what it is alone: packed, and run over padding."""
    rnn = _rnn()
    remote = student.make("torch.nn.RNN", F, H, batch_first=True)
    remote.load(rnn.state_dict())
    noise = normal(len(LENGTHS), T, F, seed=4) * 2
    zeros = torch.einsum("btf,bt->btf", noise, REAL.to(noise.dtype))
    _, h_n = checks.pair(student.run_packed(remote, noise, torch.tensor(LENGTHS)), "run_packed")
    got = numbers(h_n, (1, len(LENGTHS), H), "h_n of run_packed")[0]
    alone = torch.stack([_last(rnn, noise[r : r + 1, :n])[0] for r, n in enumerate(LENGTHS)])
    bars = (
        ("your run_packed", _apart(got, alone), paper.YOURS, ""),
        ("plain, zeros as padding", _apart(_last(rnn, zeros), alone), paper.RIGHT, "//"),
        ("plain, noise as padding", _apart(_last(rnn, noise), alone), paper.QUIET, ".."),
    )
    (axes,) = paper.panels(figure)
    for place, (label, heights, color, hatch) in enumerate(bars):
        x = [row + 0.27 * (place - 1) for row in range(len(LENGTHS))]
        style: dict[str, Any] = {
            "edgecolor": color,
            "color": color if place == 0 else "none",
            "hatch": hatch,
        }
        drawn = axes.bar(x, heights, width=0.24, label=label, **style)
        if place == 0:
            axes.bar_label(drawn, [f"{height:.2g}" for height in heights], size=9, padding=2)
    axes.set(ylabel="distance from the row alone", xlabel="row")
    named = [f"{n} real, {T - n} padding" for n in LENGTHS]
    axes.set_xticks(range(len(LENGTHS)), [name.replace(", ", "\n") for name in named], size=9.5)
    axes.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=1)
    rows = [(n, *(bar[1][r] for bar in bars)) for r, n in enumerate(LENGTHS)]
    return [("length", *(bar[0] for bar in bars)), *rows]


def _rnn() -> nn.RNN:
    rnn = nn.RNN(F, H, batch_first=True)
    state = {"weight_ih_l0": normal(H, F, seed=1), "weight_hh_l0": rotation(H, seed=2) * 0.9}
    biases = {"bias_ih_l0": normal(H, seed=3) * 0.3, "bias_hh_l0": torch.zeros(H)}
    rnn.load_state_dict(state | biases)
    return rnn


def _last(rnn: nn.RNN, x: Tensor) -> Tensor:
    """(B, T, F) → (B, H)"""
    return rnn(x)[1][0].detach()  # type: ignore[no-any-return]


def _apart(states: Tensor, alone: Tensor) -> list[float]:
    """(B, H), (B, H) → B distances; what rounding leaves counts as nothing."""
    return [d if d > 1e-5 else 0.0 for d in (states - alone).norm(dim=1).tolist()]


DRAWINGS = (
    Drawing(
        "mask",
        "Which steps are real",
        f"Your length_mask for rows of lengths {', '.join(map(str, LENGTHS))} in a batch {T} steps "
        "wide: a filled cell is a real step, an empty one is padding. A crossed cell is wrong.",
        mask,
        3.0,
    ),
    Drawing(
        "pollution",
        "What padding does to the last state",
        "For each row, how far its last state is from what it would be alone, without padding. "
        "Your run_packed should be at 0 everywhere. Run plainly over the padded batch, the "
        "network goes on computing in the padding, whether that holds zeros or noise, and its "
        "state drifts away.",
        pollution,
        4.4,
    ),
)
