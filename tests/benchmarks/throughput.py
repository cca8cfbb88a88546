"""How many: seconds a submission of a class, against the least that its tests can take.

The least is the same tests in one process that is warm already; what a grader pays that starts
anew for each submission is one cold pytest each. All in turn in one run; medians.

python -m tests.benchmarks.throughput [rounds]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from grading.cores import cores
from tests.benchmarks import classes, figures
from tests.benchmarks.classes import CATALOG, Batch
from tests.benchmarks.figures import Figure
from tests.benchmarks.warm import warm

ROUNDS, QUICK = 5, 1
FOUR = "ex01,ex03,ex06,ex08"
SIZE, COLD = 12, 2
"""Submissions of a class, and of those that a cold pytest grades in each round."""

MAX_RATIO, MORE = 1.3, 0.5
"""A submission takes at most so many times the least, and so many seconds more."""

MIN_OF_COLD, MIN_OF_TWO, MAX_FOUR = 1.6, 1.8, 1.0


def measure(rounds: int) -> Iterator[Figure]:
    """A class of all ten exercises on one job and on two, then one of four exercises."""
    one, two, cold, least = zip(*_rounds(rounds), strict=True)
    median = statistics.median
    over = median(a - MAX_RATIO * b for a, b in zip(one, least, strict=True))
    of_cold = median(b / a for a, b in zip(one, cold, strict=True))
    of_two = median(a / b for a, b in zip(one, two, strict=True))
    yield Figure("throughput: a submission, one job", median(one), "s")
    yield Figure("throughput: its tests in one warm process", median(least), "s")
    yield Figure(f"throughput: over {MAX_RATIO} times that", over, "s", most=MORE)
    yield Figure("throughput: one cold pytest", median(cold), "s")
    yield Figure("throughput: as many an hour as cold ones", of_cold, "×", least=MIN_OF_COLD)
    yield Figure("throughput: two jobs against one", of_two, "×", least=MIN_OF_TWO)
    four, alone = zip(
        *((of_batch(cores(), FOUR), of_batch(1, FOUR)) for _ in range(rounds)), strict=True
    )
    yield Figure(f"throughput: --only {FOUR}", median(four), "s", most=MAX_FOUR)
    yield Figure("throughput: the same on one job", median(alone), "s", most=MAX_FOUR)


def _rounds(rounds: int) -> Iterator[tuple[float, float, float, float]]:
    """Seconds a submission: one job, two jobs, cold pytest, its tests warm."""
    with warm() as run:
        for _ in range(rounds):
            yield of_batch(1), of_batch(2), of_cold_runs(), run()[0]


def of_batch(jobs: int, only: str = "") -> float:
    """Seconds from one result of a batch to the next."""
    with tempfile.TemporaryDirectory() as folder:
        klass = classes.of_solutions(Path(folder, "class"), SIZE, only)
        batch = Batch(klass, Path(folder, "out"), jobs, only)
        batch.run()
        return batch.seconds_each()


def of_cold_runs(jobs: int = 1) -> float:
    """Seconds a submission where each gets a pytest of its own, so many at once."""
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:
        klass = classes.of_solutions(Path(folder), COLD * jobs)
        began = time.perf_counter()
        list(pool.map(_cold, sorted(klass.iterdir())))
        return (time.perf_counter() - began) / (COLD * jobs)


def _cold(submission: Path) -> None:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["tests/visible", "tests/hidden", "--submission", str(submission)]
    subprocess.run(command, cwd=CATALOG.home, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    figures.main(measure, ROUNDS)
