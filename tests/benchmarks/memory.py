"""How small: the peak memory of one check, all its processes together, against plain pytest.

PSS (each shared page counted once, in shares) of the whole family, sampled while it runs. Linux.

python -m tests.benchmarks.memory [rounds]
"""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Iterator

import psutil

from tests.benchmarks import figures
from tests.benchmarks.classes import CATALOG
from tests.benchmarks.figures import Figure
from tests.benchmarks.machine import members, pss
from tests.benchmarks.speed import CHECK, PLAIN

ROUNDS, QUICK = 3, 1
MAX_RATIO = 2.0
EVERY = 0.02


def measure(rounds: int) -> Iterator[Figure]:
    """Both peaks, and the median of their ratio pair by pair."""
    pairs = [(peak(CHECK), peak(PLAIN)) for _ in range(rounds)]
    check, plain = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    yield Figure("memory: check solutions, all processes", check, "MiB")
    yield Figure("memory: plain pytest in one process", plain, "MiB")
    yield Figure("memory: ratio", ratio, most=MAX_RATIO)


def peak(command: tuple[str, ...]) -> float:
    """The largest PSS, in MiB, of a command and all that it starts."""
    process = psutil.Popen(command, cwd=CATALOG.home, stdout=subprocess.DEVNULL)
    largest = 0.0
    while process.poll() is None:
        largest = max(largest, pss(members(process)))
        time.sleep(EVERY)
    assert process.returncode == 0
    return largest


if __name__ == "__main__":
    figures.main(measure, ROUNDS)
