"""How fair: the solutions graded 100 times over 20 seeds, with both cores loaded by others.

python -m tests.benchmarks.fairness [seeds] [times each]
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections import Counter

from grading import catalog as catalogs
from grading.grade import Job, Options, grade_many
from grading.intake import read
from grading.process import ForkServer
from grading.results import Result

CATALOG = catalogs.load()


def main() -> int:
    """Print the scores that came out and how often; 1 where one is not 100.0."""
    seeds, times = (int(a) for a in (sys.argv[1:] + ["20", "5"][len(sys.argv) - 1 :]))
    load = [multiprocessing.Process(target=spin, daemon=True) for _ in range(os.cpu_count() or 1)]
    for process in load:
        process.start()
    scores: Counter[float] = Counter()
    server = ForkServer.launch()
    try:
        for seed in range(1, seeds + 1):
            scores.update(scores_of(seed, times, server))
            print(f"seed {seed}: {dict(scores)}", flush=True)
    finally:
        server.close()
        for process in load:
            process.terminate()
    return int(set(scores) != {100.0})


def scores_of(seed: int, times: int, server: ForkServer) -> list[float]:
    """The scores of the solutions under a seed; what failed is printed."""
    scores: list[float] = []

    def done(job: Job, result: Result) -> None:
        scores.append(result.score)
        for exercise in result.exercises:
            for test in exercise.tests:
                if test.status != "passed":
                    os.write(2, f"seed {seed}: {test.id}: {test.status} {test.message}\n".encode())

    submission = read(CATALOG.home / "solutions", CATALOG)
    jobs = [Job(submission, CATALOG.exercises) for _ in range(times)]
    grade_many(jobs, CATALOG, Options(CATALOG.exercises, seed), server, done)
    return scores


def spin() -> None:
    """Keep one core busy."""
    while True:
        pass


if __name__ == "__main__":
    sys.exit(main())
