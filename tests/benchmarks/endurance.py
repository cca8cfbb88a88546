"""How long: a class of many small submissions in one run, then the same, killed again and again.

The first run must not grow: memory of all processes together (PSS) and the descriptors of those
that stay, from the first tenth of the class to its end. Nothing is left behind. The second run gets
`kill -9` ten times in the middle and is started again each time: what comes of it must be the same,
times aside, and what was graded once is not graded again. Linux.

python -m tests.benchmarks.endurance [submissions]
"""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from grading.cores import cores
from tests.benchmarks import classes, figures
from tests.benchmarks.classes import Batch
from tests.benchmarks.figures import Figure
from tests.benchmarks.machine import descriptors, members, pss

ROUNDS, QUICK = 1000, 200
CHEAP = "ex02"
"""The exercise that is graded: small, so that the grader's own doings weigh the most."""

WINDOWS = 10
"""The class is looked at in so many pieces; the first is for getting warm."""

KILLS = 10
MAX_DRIFT = 5.0
EVERY, PATIENCE = 0.05, 10.0
"""Seconds between two looks, and for processes to end. Workers live for a moment: a window needs
hundreds of looks, so that its mean doesn't hang on how many of them were met."""


def measure(rounds: int) -> Iterator[Figure]:
    """Drift over a run of so many submissions, and what kills leave behind."""
    with tempfile.TemporaryDirectory() as folder:
        klass = classes.of_solutions(Path(folder, "class"), rounds, CHEAP)
        calm = Batch(klass, Path(folder, "calm"), cores(), CHEAP)
        killed = Batch(klass, Path(folder, "killed"), cores(), CHEAP)
        yield from _undisturbed(calm, rounds)
        yield from _disturbed(killed, rounds)
        yield Figure("endurance: other results after kills", _different(calm, killed), most=0)


# --- a run that nobody disturbs ---------------------------------------------------------------


@dataclass
class Watcher:
    """Looks at a family of processes while it works."""

    family: set[psutil.Process] = field(default_factory=set)
    memory: list[list[float]] = field(default_factory=lambda: [[] for _ in range(WINDOWS)])
    open: list[dict[psutil.Process, int]] = field(
        default_factory=lambda: [{} for _ in range(WINDOWS)]
    )

    def look(self, process: psutil.Process, window: int) -> None:
        """See how much memory all of them hold, and the least descriptors of each."""
        while len(self.memory) <= window:
            self.memory.append([])
            self.open.append({})
        family = members(process)
        self.meet(family)
        self.memory[window].append(pss(family))
        for member in family:
            now, least = descriptors(member), self.open[window].get(member)
            self.open[window][member] = now if least is None else min(now, least)

    def meet(self, family: list[psutil.Process]) -> None:
        """Remember who they are."""
        self.family.update(family)

    def drift(self) -> float:
        """How far the memory of a later window is from that of the second, in percent, at most."""
        first, *later = [statistics.fmean(samples) for samples in self.memory[1:] if samples]
        return max((abs(window / first - 1) for window in later), default=0.0) * 100

    def grown(self) -> int:
        """Descriptors that a process which stayed has more in the second half than in the first.

        The least in each: one that is at work has some more, and is seldom met between two jobs.
        """
        middle = (1 + len(self.open)) // 2
        first, last = least_of(self.open[1:middle]), least_of(self.open[middle:])
        return max((last[one] - first[one] for one in first.keys() & last.keys()), default=0)

    def left(self) -> int:
        """How many of them are still there after a while."""
        _, alive = psutil.wait_procs(self.family, timeout=PATIENCE)
        return len(alive)


def least_of(windows: list[dict[psutil.Process, int]]) -> dict[psutil.Process, int]:
    """The least descriptors of each process in any of these windows."""
    least: dict[psutil.Process, int] = {}
    for window in windows:
        for one, count in window.items():
            least[one] = min(count, least.get(one, count))
    return least


def _undisturbed(batch: Batch, size: int) -> Iterator[Figure]:
    watcher, began = Watcher(), time.monotonic()
    with batch.running() as process:
        while process.poll() is None:
            if (done := len(batch.results())) < size:
                watcher.look(process, done * WINDOWS // size)
            time.sleep(EVERY)
        assert process.returncode == 0
    each = (time.monotonic() - began) / size
    yield Figure("endurance: submissions in one run", size)
    yield Figure("endurance: a submission, with the start and the reports", each, "s")
    yield Figure("endurance: memory of all processes", statistics.fmean(watcher.memory[1]), "MiB")
    yield Figure("endurance: drift of memory", watcher.drift(), "%", most=MAX_DRIFT)
    yield Figure("endurance: descriptors more at the end", watcher.grown(), most=0)
    yield Figure("endurance: processes left", watcher.left(), most=0)


# --- a run that is killed ---------------------------------------------------------------------


def _disturbed(batch: Batch, size: int) -> Iterator[Figure]:
    """Kill it wherever another piece of the class is done, and start it again."""
    again, left = 0, 0
    for kill in range(1, KILLS + 1):
        before = _written(batch)
        left += _killed(batch, size * kill // (KILLS + 1))
        again += _rewritten(batch, before)
    before = _written(batch)
    batch.run()
    yield Figure("endurance: graded twice after kills", again + _rewritten(batch, before), most=0)
    yield Figure("endurance: processes left by kills", left, most=0)


def _killed(batch: Batch, enough: int) -> int:
    """Run it until there are enough results, kill it; how many of its processes stay."""
    watcher = Watcher()
    with batch.running() as process:
        while process.poll() is None and len(batch.results()) < enough:
            watcher.meet(members(process))
            time.sleep(0.01)
        watcher.meet(members(process))
        process.kill()
    return watcher.left()


def _written(batch: Batch) -> dict[Path, int]:
    """When each result was written, in nanoseconds."""
    return {path: path.stat().st_mtime_ns for path in batch.results()}


def _rewritten(batch: Batch, before: dict[Path, int]) -> int:
    now = _written(batch)
    return sum(now.get(path) != when for path, when in before.items())


def _different(one: Batch, other: Batch) -> int:
    """How many results differ, or are in one of them alone."""
    pair = [{path.name: classes.timeless(path) for path in run.results()} for run in (one, other)]
    return sum(pair[0].get(name) != pair[1].get(name) for name in pair[0].keys() | pair[1].keys())


if __name__ == "__main__":
    figures.main(measure, ROUNDS)
