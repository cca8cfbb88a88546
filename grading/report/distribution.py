"""The distribution of a class's scores, as an SVG of ten columns with their numbers."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

COLUMNS = 10
_WIDTH, _HEIGHT, _FOOT, _HEAD = 400, 190, 40, 18
_STEP = _WIDTH / COLUMNS


def histogram(shares: Sequence[float]) -> Markup:
    """Columns of scores as shares of all points, from 0 to 1; the last one holds 1 itself."""
    counts = [0] * COLUMNS
    for share in shares:
        counts[min(int(share * COLUMNS + 1e-9), COLUMNS - 1)] += 1
    columns = "".join(_column(i, count, max(*counts, 1)) for i, count in enumerate(counts))
    ticks = "".join(
        f'<text x="{i * _STEP:g}" y="{_HEIGHT - _FOOT + 14}" '
        f'text-anchor="{_anchor(i)}">{100 * i // COLUMNS}</text>'
        for i in range(0, COLUMNS + 1, 2)
    )
    said = "; ".join(
        f"{100 * i // COLUMNS} to {100 * (i + 1) // COLUMNS} percent: {count}"
        for i, count in enumerate(counts)
        if count
    )
    return Markup(
        f'<svg class="columns" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        'aria-labelledby="columns-title columns-said">'
        '<title id="columns-title">How many students reached which share of the points</title>'
        f'<desc id="columns-said">{said or "nobody yet"}.</desc>'
        f'{columns}<path d="M0 {_HEIGHT - _FOOT}h{_WIDTH}"/>{ticks}'
        f'<text x="{_WIDTH / 2:g}" y="{_HEIGHT - 8}" text-anchor="middle">'
        "share of the points, in percent</text></svg>"
    )


def _column(place: int, count: int, most: int) -> str:
    height = count / most * (_HEIGHT - _FOOT - _HEAD)
    top = _HEIGHT - _FOOT - height
    middle = (place + 0.5) * _STEP
    number = f'<text x="{middle:g}" y="{top - 5:.1f}" text-anchor="middle">{count}</text>'
    column = (
        f'<rect x="{place * _STEP + 2:g}" y="{top:.1f}" width="{_STEP - 4:g}" '
        f'height="{height:.1f}"/>'
    )
    return column + number if count else ""


def _anchor(place: int) -> str:
    return {0: "start", COLUMNS: "end"}.get(place, "middle")
