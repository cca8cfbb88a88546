"""How far a batch is, for who reads a log, and what Ctrl-C leaves."""

from __future__ import annotations

from io import StringIO

import pytest
from rich.console import Console

from grading.classes.renew import Summary
from grading.report import progress
from grading.report.progress import Lines


def log(total: int, *moments: tuple[float, Summary]) -> list[str]:
    """The lines of a batch of so many: at each moment, in seconds, it had come so far."""
    out, now = StringIO(), 0.0

    def clock() -> float:
        return now

    lines = Lines(Console(file=out, width=80), total, clock)
    for moment, summary in moments:
        now = moment
        lines.tell(summary)
    return [line.strip() for line in out.getvalue().splitlines()]


def test_time_left_is_that_of_what_is_graded_now() -> None:
    """What was kept from before took no time: it says nothing of how long the others take."""
    assert log(300, (120.0, Summary(graded=20, kept=66))) == ["86 of 300 graded, some 21 min left"]


def test_lines_come_now_and_then() -> None:
    """Neither before half a minute, nor before a twentieth of the class, nor at the end."""
    moments = [
        (29.0, Summary(graded=50)),
        (31.0, Summary(graded=51)),
        (90.0, Summary(graded=55)),
        (91.0, Summary(graded=56)),
        (200.0, Summary(graded=100)),
    ]
    assert [line.split()[0] for line in log(100, *moments)] == ["51", "56"]


def interrupted(console: Console) -> None:
    """A batch of nine that ends when five are graded, two are kept and one has a fault."""
    with progress.shown(console, 9) as told:
        told(Summary(graded=5, kept=2, faults={"ada": "a bug of ours"}))
        raise KeyboardInterrupt


@pytest.mark.parametrize("terminal", [True, False], ids=["terminal", "log"])
def test_interruption_says_what_is_kept(terminal: bool, capfd: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C goes on as it came, after a line on what is kept and how to go on."""
    with pytest.raises(KeyboardInterrupt):
        interrupted(Console(file=StringIO(), force_terminal=terminal))
    assert capfd.readouterr().err == "7 of 9 are kept; the same command goes on\n"
