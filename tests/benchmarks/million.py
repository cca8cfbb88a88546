"""What a million submissions take, from figures measured here: a table in Markdown.

python -m tests.benchmarks.million [submissions measured]
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
import tracemalloc
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grading.report.cohort import Cohort
from grading.report.gradebook import Book
from grading.results import from_json
from tests.benchmarks import classes
from tests.benchmarks.classes import CATALOG, Batch
from tests.benchmarks.machine import cpu_seconds, members, pss
from tests.benchmarks.throughput import FOUR

MANY = 1_000_000
CORES = (2, 16, 128, 1024)
MEASURED, KEPT = 12, 1000
HOUR, GIB, EVERY = 3600, 1 << 30, 0.1


@dataclass(frozen=True)
class Cost:
    """What one submission costs: CPU seconds, bytes of its result, of its page, in memory."""

    what: str
    seconds: float
    result: float
    page: float
    memory: float


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("size", nargs="?", type=int, default=MEASURED)
    size = parser.parse_args().size
    costs = [cost("all ten exercises", "", size), cost(FOUR.replace(",", ", "), FOUR, size)]
    print(*table(costs, *memory(size)), sep="\n")


def table(costs: list[Cost], base: float, job: float) -> Iterator[str]:
    """The lines of the table; memory in MiB."""
    yield f"| {MANY:,} submissions | {' | '.join(cost.what for cost in costs)} |"
    yield "|---|" + "---:|" * len(costs)
    yield _row("*s*: seconds of one core a submission", [f"{c.seconds:.1f}" for c in costs])
    yield _row("all, on one core", [f"{c.seconds * MANY / HOUR:,.0f} h" for c in costs])
    for k in CORES:
        yield _row(f"on *k* = {k:,} cores", [_days(c.seconds * MANY / k) for c in costs])
    yield _row("results on disk", [_gib(c.result * MANY) for c in costs])
    yield _row("students' pages on disk", [_gib(c.page * MANY) for c in costs])
    yield _row("memory of a machine", [f"{base:.0f} + {job:.0f} × jobs MiB"] * len(costs))
    yield _row("memory for the reports", [_gib(c.memory * MANY) for c in costs])


def cost(what: str, only: str, size: int) -> Cost:
    """What a submission of a class costs once the batch is under way."""
    with tempfile.TemporaryDirectory() as folder:
        klass = classes.of_solutions(Path(folder, "class"), size, only)
        batch = Batch(klass, Path(folder, "out"), 1, only)
        used = {done: cpu for done, cpu, _ in _watched(batch)}
        first, last = min(done for done in used if done), max(done for done in used if done < size)
        return Cost(
            what=what,
            seconds=(used[last] - used[first]) / (last - first),
            result=statistics.mean(path.stat().st_size for path in batch.results()),
            page=statistics.mean(path.stat().st_size for path in batch.pages()),
            memory=_in_memory(batch.results()[0].read_bytes()),
        )


def _in_memory(result: bytes) -> float:
    """Bytes that the class's tables keep of a result like this one, but for what all share."""
    tables: list[Cohort | Book] = [Cohort(), Book(CATALOG)]
    tracemalloc.start()
    for _ in range(KEPT):
        for table in tables:
            table.add(from_json(result))
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size / KEPT


def memory(size: int) -> tuple[float, float]:
    """MiB that a batch takes whatever its jobs, and MiB that each job takes (PSS)."""
    one, two = (_memory(jobs, size) for jobs in (1, 2))
    return 2 * one - two, two - one


def _memory(jobs: int, size: int) -> float:
    with tempfile.TemporaryDirectory() as folder:
        klass = classes.of_solutions(Path(folder, "class"), size, FOUR)
        batch = Batch(klass, Path(folder, "out"), jobs, FOUR)
        return statistics.median(mib for done, _, mib in _watched(batch) if 0 < done < size)


def _watched(batch: Batch) -> Iterator[tuple[int, float, float]]:
    """Run a batch; now and then: results so far, CPU seconds so far, MiB of all its processes."""
    with batch.running() as process:
        while process.poll() is None:
            done, family = len(batch.results()), members(process)
            yield done, cpu_seconds(family), pss(family)
            time.sleep(EVERY)


def _row(name: str, cells: list[str]) -> str:
    return f"| {name} | {' | '.join(cells)} |"


def _days(seconds: float) -> str:
    hours = seconds / HOUR
    return f"{hours / 24:,.1f} days" if hours >= 48 else f"{hours:,.1f} h"


def _gib(size: float) -> str:
    return f"{size / GIB:,.0f} GiB"


if __name__ == "__main__":
    main()
