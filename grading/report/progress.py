"""How far a batch is: a bar on a terminal, else a plain line now and then."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeRemainingColumn,
)

from grading.classes.renew import Summary
from grading.counting import counted

SECONDS, SHARE = 30.0, 0.05
"""Between two plain lines there is at least so much time, and so much of the class."""

Heard = Callable[[Summary], None]


@contextmanager
def shown(console: Console, total: int) -> Iterator[Heard]:
    """Tell how far it is while open; after Ctrl-C, what is kept and how to go on."""
    last = Summary()

    def heard(summary: Summary) -> None:
        nonlocal last
        last = summary
        tell(summary)

    try:
        with _bar(console, total) if console.is_terminal else _lines(console, total) as tell:
            yield heard
    except KeyboardInterrupt:
        _say(f"{last.graded + last.kept} of {total} are kept; the same command goes on\n")
        raise


@contextmanager
def _bar(console: Console, total: int) -> Iterator[Heard]:
    """A bar that counts submissions and tells the time left."""
    columns = (
        *(TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()),
        *(TextColumn("{task.fields[wrong]}"), TimeRemainingColumn()),
    )
    with Progress(*columns, console=console, transient=True) as bars:
        task = bars.add_task("grading", total=total, wrong="")

        def heard(summary: Summary) -> None:
            wrong = counted(len(summary.faults), "fault") if summary.faults else ""
            bars.update(task, completed=summary.done, wrong=wrong)

        yield heard


@dataclass
class Lines:
    """Plain lines for a log, about `total` submissions."""

    console: Console
    total: int
    clock: Callable[[], float] = time.monotonic
    _last: tuple[float, int] = field(init=False)

    def __post_init__(self) -> None:
        self._begun = self.clock()
        self._last = self._begun, 0

    def tell(self, summary: Summary) -> None:
        """Print a line, if it is time for one and there is more to come."""
        now, (before, done) = self.clock(), self._last
        graded, left = summary.graded + len(summary.faults), self.total - summary.done
        if now - before < SECONDS or summary.done - done < SHARE * self.total or not left:
            return
        self._last = now, summary.done
        minutes = max(round((now - self._begun) / max(graded, 1) * left / 60), 1)
        faults = f" ({counted(len(summary.faults), 'fault')})" if summary.faults else ""
        said = f"{summary.done} of {self.total} graded{faults}, some {minutes} min left"
        self.console.print(f"  {said}")


@contextmanager
def _lines(console: Console, total: int) -> Iterator[Heard]:
    yield Lines(console, total).tell


def _say(text: str) -> None:
    """Past all buffers, as the front door says that it was interrupted."""
    with contextlib.suppress(OSError):
        os.write(2, text.encode())
