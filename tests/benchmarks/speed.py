"""How fast: `check solutions` against plain pytest in one process, and each exercise's tests.

python -m tests.benchmarks.speed [rounds]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

import psutil

from grading import catalog as catalogs
from grading.grade import Job, Options, grade_many
from grading.intake import Submission, read
from grading.process import ForkServer
from grading.results import Result

CATALOG = catalogs.load()
MAX_SECONDS, MAX_RATIO, MAX_ALL, MAX_EXERCISE = 8.0, 1.3, 3.0, 0.8
CHECK = (sys.executable, "grader.py", "check", "solutions")
PLAIN = (
    *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
    *("tests/visible", "tests/hidden", "--in-process"),
)


def main() -> int:
    """Print the figures; 1 where one is over its bound."""
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    cold = cold_runs(rounds)
    warm = {exercise.stem: cpu_of_tests(exercise, rounds) for exercise in CATALOG.exercises}
    for stem, seconds in warm.items():
        print(f"{stem:<20} graded tests {seconds:5.2f} s of one core (at most {MAX_EXERCISE})")
    total = sum(warm.values())
    print(f"{'all ten':<20} graded tests {total:5.2f} s of one core (at most {MAX_ALL})")
    return int(not cold or total > MAX_ALL or max(warm.values()) > MAX_EXERCISE)


def cold_runs(rounds: int) -> bool:
    """`check solutions` and plain pytest in turn: medians and the ratio pair by pair."""
    pairs = [(seconds(CHECK), seconds(PLAIN)) for _ in range(rounds)]
    check, plain = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    print(f"check solutions  {check:5.2f} s cold (at most {MAX_SECONDS}), median of {rounds}")
    print(f"plain pytest     {plain:5.2f} s in one process")
    print(f"ratio            {ratio:5.2f}   (at most {MAX_RATIO}), median pair by pair")
    return check <= MAX_SECONDS and ratio <= MAX_RATIO


def seconds(command: tuple[str, ...]) -> float:
    """Wall seconds of a command that must succeed."""
    began = time.perf_counter()
    subprocess.run(command, cwd=CATALOG.home, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def cpu_of_tests(exercise: catalogs.Exercise, runs: int) -> float:
    """Median CPU seconds of an exercise's graded tests, the grader's side and the worker's."""
    whole = read(CATALOG.home / "solutions", CATALOG)
    submission = Submission("solutions", {exercise.stem: whole.sources[exercise.stem]})
    server = ForkServer.launch()
    used: list[float] = []
    before = cpu_of_children()

    def done(job: Job, result: Result) -> None:
        nonlocal before
        assert result.complete, result
        now = cpu_of_children()
        used.append(now - before)
        before = now

    jobs = [Job(submission, (exercise,)) for _ in range(runs)]
    try:
        grade_many(jobs, CATALOG, Options((exercise,)), server, done, at_once=1)
    finally:
        server.close()
    return statistics.median(used)


def cpu_of_children() -> float:
    """CPU seconds of this process's ended children, and of the worker server's."""
    own = psutil.Process()
    ended = [own.cpu_times(), *(child.cpu_times() for child in own.children())]
    return sum(times.children_user + times.children_system for times in ended)


if __name__ == "__main__":
    sys.exit(main())
