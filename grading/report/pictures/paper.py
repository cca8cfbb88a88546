"""Figures that can be read on a light and on a dark page: colours, fonts, and their way to SVG.

Every colour of a figure is one of the names below. In PNG it stays what it is; in SVG it becomes a
CSS variable, which the reader's own setting of light or dark decides.
"""

from __future__ import annotations

import logging
import re
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO, StringIO
from typing import Any
from xml.sax.saxutils import escape

import matplotlib
import torch
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from torch import Tensor

INK, QUIET, GRID = "#1f2328", "#59636e", "#d1d9e0"
YOURS, RIGHT, WRONG = "#0757ba", "#c9772b", "#cf222f"
GREEN, VIOLET, PINK = "#1a7f37", "#8250df", "#bf3989"

_DARK = {
    INK: "#e6edf3",
    QUIET: "#a0abb6",
    GRID: "#3a424c",
    YOURS: "#6cb6ff",
    RIGHT: "#b86a24",
    WRONG: "#ff7b72",
    GREEN: "#57d06f",
    VIOLET: "#c297ff",
    PINK: "#f778ba",
}
_NAMES = {colour: f"--kit-{number}" for number, colour in enumerate(_DARK)}

WIDTH = 5.2
"""Inches: narrow, so that letters stay legible on a telephone."""

_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial", "sans-serif"],
    "font.size": 10.5,
    "axes.titlesize": 11,
    "axes.titlelocation": "left",
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.titlecolor": INK,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid.axis": "y",
    "grid.color": GRID,
    "grid.linewidth": 0.8,
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "legend.frameon": False,
    "legend.fontsize": 9.5,
    "figure.facecolor": "#ffffff",
    "figure.dpi": 72,
    "lines.linewidth": 1.6,
    "lines.markersize": 4,
}


@contextmanager
def drawing() -> Iterator[None]:
    """The kit's own settings of matplotlib, whatever the user's are, and no word of warning."""
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    with warnings.catch_warnings(action="ignore"), matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(_SETTINGS)
        yield


def new(height: float) -> Figure:
    """An empty figure of this height in inches, which lays out its own panels."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    FigureCanvasAgg(figure)
    return figure


def panels(figure: Figure, count: int = 1, **options: Any) -> list[Axes]:
    """Panels, one below the other."""
    made = figure.subplots(count, 1, squeeze=False, **options)
    return list(made[:, 0])


def behind(axes: Axes, x: Sequence[float], y: Any, label: str | None = "right (torch)") -> None:
    """The right curve: broad, so that the student's lies upon it where both agree."""
    axes.plot(x, y, color=RIGHT, linewidth=6, solid_capstyle="round", label=label, zorder=1)


def yours(axes: Axes, x: Sequence[float], y: Any, color: str = YOURS, **options: Any) -> None:
    """The student's curve: thin, with marks, upon the right one."""
    marks = {"marker": "o", "markevery": max(1, len(x) // 12), "zorder": 3, "label": "yours"}
    axes.plot(x, y, color=color, **{**marks, **options})


def log_axis(axes: Axes, low: int, high: int, every: int) -> None:
    """A log axis from 10^low to 10^high, named at every so many powers."""
    powers = range(low, high + 1, every)
    axes.set_yscale("log")
    axes.set_ylim(10.0**low, 10.0**high)
    axes.set_yticks([10.0**power for power in powers], [_ten_to(power) for power in powers])
    axes.set_yticks([], minor=True)


def _ten_to(power: int) -> str:
    return "10" + str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))


def legend(axes: Axes, columns: int = 2) -> None:
    """The legend, below the panel."""
    axes.legend(loc="upper left", bbox_to_anchor=(0, -0.2), ncols=columns, borderaxespad=0.2)


def heat(axes: Axes, values: Tensor, low: float, high: float, colors: str) -> Any:
    """A matrix as coloured cells without seams, rows from the top."""
    mesh = axes.pcolormesh(values.tolist(), cmap=colors, vmin=low, vmax=high)
    mesh.set(edgecolor="face", linewidth=0.4)
    axes.invert_yaxis()
    return mesh


def note(figure: Figure, headline: str, words: str) -> None:
    """A figure that holds words alone: why there is no picture."""
    figure.clear()
    lines = [wrapped for line in words.splitlines() for wrapped in textwrap.wrap(line, 46) or [""]]
    shown = [*lines[:8], "…"] if len(lines) > 8 else lines
    frame = Rectangle((0.01, 0.03), 0.98, 0.94, fill=False, edgecolor=WRONG, linestyle="--")
    figure.add_artist(frame)
    figure.text(0.05, 0.9, headline, color=WRONG, weight="bold", va="top")
    figure.text(0.05, 0.76, "\n".join(shown), va="top", linespacing=1.4)


def png(figure: Figure) -> bytes:
    """The figure as PNG, on white."""
    buffer = BytesIO()
    with drawing():
        figure.savefig(buffer, format="png", dpi=144)
    return buffer.getvalue()


def svg(figure: Figure, name: str, title: str, caption: str) -> str:
    """The figure as one <svg> element that says in words what it shows, for any background."""
    buffer = StringIO()
    with matplotlib.rc_context({"svg.hashsalt": name}):
        metadata = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(buffer, format="svg", transparent=True, metadata=metadata)
    _, _, body = buffer.getvalue().partition("<svg")
    opening, _, body = body.partition(">")
    body = re.sub(r"<metadata>.*?</metadata>", "", body, flags=re.DOTALL)
    body = body.replace("*{", f".{_CLASS} *{{", 1)
    body = re.sub(r"<[^>]*>", lambda tag: _adapted(tag.group(), name), body)
    box = re.search(r'viewBox="[^"]*"', opening)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
        f'class="{_CLASS}" {box.group() if box else ""} role="img" '
        f'aria-labelledby="{name}-title {name}-desc">\n'
        f'<title id="{name}-title">{escape(title)}</title>\n'
        f'<desc id="{name}-desc">{escape(caption)}</desc>\n'
        f"<style>{_palettes()}</style>{body}"
    )


_CLASS = "kit-picture"


def _adapted(tag: str, name: str) -> str:
    """A tag with colours as variables, and with ids that no other picture of a page has."""
    for colour, variable in _NAMES.items():
        tag = tag.replace(colour, f"var({variable})")
    tag = re.sub(r'\bid="', f'id="{name}-', tag)
    return re.sub(r'(url\(#|href="#)', rf"\1{name}-", tag)


def _palettes() -> str:
    light = ";".join(f"{name}:{colour}" for colour, name in _NAMES.items())
    dark = ";".join(f"{name}:{_DARK[colour]}" for colour, name in _NAMES.items())
    return (
        f".{_CLASS}{{{light}}}@media screen and (prefers-color-scheme:dark){{.{_CLASS}{{{dark}}}}}"
    )


def largest(*tensors: Tensor) -> float:
    """The largest absolute value of several tensors; 1 where all is zero."""
    top = max(float(tensor.abs().max()) for tensor in tensors)
    return top if top > 0 else 1.0


def ticks(count: int, every: int = 5) -> list[int]:
    """Steps to be named on an axis of steps from 1 to count."""
    return [1, *torch.arange(every, count + 1, every).tolist()]
