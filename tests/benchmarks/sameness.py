"""How same: one class graded three times with one seed, with every core loaded by others.

Right, wrong, unfinished and broken answers; all that is written is compared byte for byte, times
aside.

python -m tests.benchmarks.sameness [times]
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from grading.cores import cores
from tests.benchmarks import classes, figures
from tests.benchmarks.classes import Batch
from tests.benchmarks.figures import Figure
from tests.benchmarks.machine import load

ROUNDS, QUICK = 3, 2
COPIES = 3
"""So many submissions of each kind."""


def measure(rounds: int) -> Iterator[Figure]:
    """How many files a batch wrote, and how many of them differ from run to run."""
    with tempfile.TemporaryDirectory() as folder, load():
        klass = classes.of_all_kinds(Path(folder, "class"), COPIES)
        runs = [_written(Batch(klass, Path(folder, f"out{n}"), cores())) for n in range(rounds)]
    names = sorted(set().union(*runs))
    other = [name for name in names if len({run.get(name) for run in runs}) > 1]
    for name in other:
        yield Figure(f"sameness: {name} differs", 1)
    yield Figure("sameness: files compared", len(names))
    yield Figure("sameness: files that differ, times aside", len(other), most=0)


def _written(batch: Batch) -> dict[str, bytes]:
    """What a batch has written, by path."""
    batch.run()
    return {
        path.relative_to(batch.out).as_posix(): classes.timeless(path)
        for path in batch.out.rglob("*")
        if path.is_file()
    }


if __name__ == "__main__":
    figures.main(measure, ROUNDS)
