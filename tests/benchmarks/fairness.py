"""How fair: the solutions graded 100 times over 20 seeds, with every core loaded by others.

python -m tests.benchmarks.fairness [seeds]
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator

from grading.handed_in.intake import read
from grading.judging.grade import Job, Options, grade_many
from grading.results import Result
from grading.session.starters import ForkServer
from tests.benchmarks import figures
from tests.benchmarks.classes import CATALOG
from tests.benchmarks.figures import Figure
from tests.benchmarks.machine import load

ROUNDS, QUICK = 20, 1
TIMES_EACH = 5


def measure(rounds: int) -> Iterator[Figure]:
    """How many of the scores were not 100.0, over so many seeds; these are printed as they come."""
    scores: Counter[float] = Counter()
    server = ForkServer.launch()
    try:
        with load():
            for seed in range(1, rounds + 1):
                scores.update(scores_of(seed, server))
    finally:
        server.close()
    yield Figure("fairness: solutions graded under load", scores.total())
    yield Figure("fairness: of these, short of full marks", scores.total() - scores[100.0], most=0)


def scores_of(seed: int, server: ForkServer) -> list[float]:
    """The scores of the solutions under a seed; what failed is printed."""
    scores: list[float] = []

    def done(job: Job, result: Result) -> None:
        scores.append(result.score)
        for exercise in result.exercises:
            for test in exercise.tests:
                if test.status != "passed":
                    told = f"seed {seed}: {test.id}: {test.status} {test.message}"
                    print(told, file=sys.stderr, flush=True)

    submission = read(CATALOG.home / "solutions", CATALOG)
    jobs = [Job(submission, CATALOG.exercises) for _ in range(TIMES_EACH)]
    grade_many(jobs, CATALOG, Options(CATALOG.exercises, seed), server, done)
    return scores


if __name__ == "__main__":
    figures.main(measure, ROUNDS)
