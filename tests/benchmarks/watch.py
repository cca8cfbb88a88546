"""How soon after a save `watch` has a verdict on one exercise, against a cold `check` of it.

python -m tests.benchmarks.watch [rounds]
"""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from grading.catalog import HOME
from tests.benchmarks import figures
from tests.benchmarks.figures import Figure

ROUNDS, QUICK = 7, 3
MAX_BESIDES, MIN_RATIO = 0.3, 5.0
STEM = "ex01_recurrence"
GRADER = (sys.executable, str(HOME / "grader.py"))


def measure(rounds: int) -> Iterator[Figure]:
    """Seconds from save to verdict, what of it isn't the tests' own, and the ratio to a check."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(HOME / f"exercises/{STEM}.py", folder)
        warm, own, cold = measured(Path(folder, f"{STEM}.py"), rounds)
    besides = statistics.median(a - b for a, b in zip(warm, own, strict=True))
    ratio = statistics.median(b / a for a, b in zip(warm, cold, strict=True))
    yield Figure("watch: save to verdict", statistics.median(warm), "s")
    yield Figure("watch: its own tests, of that", statistics.median(own), "s")
    yield Figure("watch: besides", besides, "s", most=MAX_BESIDES)
    yield Figure("watch: cold check of the same file", statistics.median(cold), "s")
    yield Figure("watch: ratio", ratio, least=MIN_RATIO)


def measured(path: Path, rounds: int) -> tuple[list[float], list[float], list[float]]:
    """Seconds of a save in `watch`, of the tests in it, and of a cold check: in turn."""
    wrong = (HOME / f"solutions/{STEM}.py").read_text(encoding="utf-8").replace("W_hh.T", "W_hh")
    warm, own, cold = [], [], []
    with subprocess.Popen(
        (*GRADER, "watch", str(path)), stdout=subprocess.PIPE, text=True
    ) as watch:
        try:
            until(watch, r"isolation: ")
            for number in range(rounds):
                began = time.perf_counter()
                path.write_text(f"{wrong}# save {number}\n", encoding="utf-8")
                own.append(float(until(watch, r"ex01 .* ([\d.]+) s$")))
                warm.append(time.perf_counter() - began)
                cold.append(seconds_of_check(path))
        finally:
            watch.terminate()
    return warm, own, cold


def until(watch: subprocess.Popen[str], pattern: str) -> str:
    """Read lines until one matches; its first group, if it has one."""
    assert watch.stdout is not None
    for line in watch.stdout:
        if found := re.search(pattern, line):
            return "".join(found.groups())
    raise SystemExit("watch has ended too soon")


def seconds_of_check(path: Path) -> float:
    """Wall seconds of a cold check, which must find something wrong."""
    began = time.perf_counter()
    code = subprocess.run((*GRADER, "check", str(path)), stdout=subprocess.DEVNULL).returncode
    assert code == 1
    return time.perf_counter() - began


if __name__ == "__main__":
    figures.main(measure, ROUNDS)
