"""Exercise 2: the shapes of what nn.RNN returns, as boxes."""

from __future__ import annotations

from typing import Any

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Polygon
from torch import nn

from grading.report.pictures import paper
from grading.report.pictures.model import Drawing, Row
from grading.session.remote import Student
from grading.testing import checks

B, T, H = 3, 6, 4
SETTINGS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("one layer", {}),
    ("two layers, both directions", {"num_layers": 2, "bidirectional": True}),
    ("three layers, time first", {"num_layers": 3, "batch_first": False}),
)
Shape = tuple[int, ...]


def boxes(student: Student, figure: Figure) -> list[Row]:
    """A row of two boxes for each setting; a wrong one in dashes, with the right one behind."""
    rows: list[Row] = [("setting", "tensor", "yours", "right", "is right")]
    panels = paper.panels(figure, len(SETTINGS))
    for axes, (title, options) in zip(panels, SETTINGS, strict=True):
        got = checks.pair(student.predict_shapes(B, T, H, **options))
        for place, (name, shape, right) in enumerate(
            zip(("output", "h_n"), map(checks.shape, got), _right(options), strict=True)
        ):
            _show(axes, 20.0 * place, name, shape, right)
            rows.append((title, name, str(shape)[:60], str(right), str(shape == right)))
        axes.set(title=title, xlim=(-0.3, 36), ylim=(-4.2, 7.4), aspect="equal")
        axes.set_axis_off()
    return rows


def _right(options: dict[str, Any]) -> tuple[Shape, Shape]:
    rnn = nn.RNN(1, H, **{"batch_first": True, **options})
    x = torch.zeros((B, T, 1) if rnn.batch_first else (T, B, 1))
    output, h_n = rnn(x)
    return tuple(output.shape), tuple(h_n.shape)


def _show(axes: Axes, left: float, name: str, shape: Shape, right: Shape) -> None:
    good = shape == right
    if not good:
        _box(axes, left, right, paper.RIGHT, "solid", 5)
    if len(shape) == 3 and all(0 < size <= 12 for size in shape):
        _box(
            axes,
            left,
            shape,
            paper.YOURS if good else paper.WRONG,
            "solid" if good else "--",
            1.6,
        )
    said = f"✓ {name} {shape}" if good else f"✗ {name} {str(shape)[:24]}"
    axes.text(left, -1.0, said, color=paper.INK if good else paper.WRONG, va="top", size=9.5)
    if not good:
        axes.text(left, -2.8, f"wrong; right: {right}", va="top", size=9.5)


def _box(axes: Axes, left: float, shape: Shape, color: str, style: str, width: float) -> None:
    """A box whose first axis goes into the page, its second to the right, its third up."""
    depth, w, h = shape[0] * 0.55, float(shape[1]), shape[2] * 0.7
    front = [(0, 0), (w, 0), (w, h), (0, h)]
    top = [(0, h), (w, h), (w + depth, h + depth * 0.5), (depth, h + depth * 0.5)]
    side = [(w, 0), (w + depth, depth * 0.5), (w + depth, h + depth * 0.5), (w, h)]
    for face in (front, top, side):
        corners = [(left + x, y) for x, y in face]
        axes.add_patch(
            Polygon(corners, fill=False, ec=color, ls=style, lw=width, joinstyle="round")
        )


DRAWINGS = (
    Drawing(
        "shapes",
        "What nn.RNN returns, as boxes",
        f"For {B} sequences of {T} steps and {H} features: the shapes that your predict_shapes "
        "tells for output (left) and h_n (right). The first axis goes into the page, the second to "
        "the right, the third up. A tick marks a right shape; a wrong one is dashed, marked with a "
        "cross, and has the right box behind it.",
        boxes,
        5.0,
    ),
)
