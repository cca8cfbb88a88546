"""How fast: `check solutions` against plain pytest in one process, and each exercise's tests.

python -m tests.benchmarks.speed [rounds]
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator

import psutil

from grading.catalog import Exercise
from grading.handed_in.intake import Submission, read
from grading.judging.grade import Job, Options, grade_many
from grading.results import Result
from grading.session.starters import ForkServer
from tests.benchmarks import figures
from tests.benchmarks.classes import CATALOG
from tests.benchmarks.figures import Figure

ROUNDS, QUICK = 5, 1
MAX_SECONDS, MAX_RATIO, MAX_ALL, MAX_EXERCISE = 8.0, 1.3, 3.0, 0.8
CHECK = (sys.executable, "grader.py", "check", "solutions")
PLAIN = (
    *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"),
    *("tests/visible", "tests/hidden", "--in-process"),
)


def measure(rounds: int) -> Iterator[Figure]:
    """Cold runs in turn, then the graded tests of each exercise, warm."""
    yield from cold_runs(rounds)
    total = 0.0
    for exercise in CATALOG.exercises:
        cpu = cpu_of_tests(exercise, rounds)
        total += cpu
        yield Figure(f"speed: {exercise.stem}, CPU of its tests", cpu, "s", most=MAX_EXERCISE)
    yield Figure("speed: all ten, CPU of their tests", total, "s", most=MAX_ALL)


def cold_runs(rounds: int) -> Iterator[Figure]:
    """`check solutions` and plain pytest in turn: medians and the ratio pair by pair."""
    pairs = [(seconds(CHECK), seconds(PLAIN)) for _ in range(rounds)]
    check, plain = (statistics.median(column) for column in zip(*pairs, strict=True))
    ratio = statistics.median(a / b for a, b in pairs)
    yield Figure("speed: check solutions, cold", check, "s", most=MAX_SECONDS)
    yield Figure("speed: plain pytest in one process, cold", plain, "s")
    yield Figure("speed: ratio", ratio, most=MAX_RATIO)


def seconds(command: tuple[str, ...]) -> float:
    """Wall seconds of a command that must succeed."""
    began = time.perf_counter()
    subprocess.run(command, cwd=CATALOG.home, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def cpu_of_tests(exercise: Exercise, runs: int) -> float:
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
    figures.main(measure, ROUNDS)
