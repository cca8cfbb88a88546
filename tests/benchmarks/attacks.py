"""All situations of tests/attacks/, as one class, at every level, as root and as another user.

python -m tests.benchmarks.attacks [level,level…]

A line for each run: how many were graded, how many earned what they should not, how many ended
otherwise than they must, how often the grader failed, and what was changed or left behind outside.
What isn't 0 is told below. An ordinary user grades alone as that user.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path

from grading import isolation
from grading.worker import confine
from tests.kit import hostile

HEADER = f"{'level':<12}{'user':<10}{'graded':>8}{'rewarded':>10}{'otherwise':>11}"
HEADER += f"{'faults':>8}{'effects':>9}{'minutes':>9}"


def main() -> int:
    """Print the table; 1 where a figure that should be 0 is not."""
    asked = sys.argv[1].split(",") if len(sys.argv) > 1 else list(isolation.LEVELS)
    failed = {name for name, why_not in confine.tried().items() if why_not}
    print(HEADER, flush=True)
    wrong = 0
    for level in asked:
        if failed & set(isolation.LEVELS[level]):
            print(f"{level:<12}this machine doesn't offer it", flush=True)
            continue
        for ordinary in (False, True) if os.geteuid() == 0 else (True,):
            wrong += one_run(level, ordinary)
    return int(wrong > 0)


def one_run(level: str, ordinary: bool) -> int:
    """Grade the class once and print its line; how much of it was not as it must be."""
    chosen = [one for one in hostile.SITUATIONS if hostile.promised(one, level)]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        run = hostile.grade(chosen, Path(folder), level, ordinary)
        told = hostile.unescaped(run.out)
    minutes = (time.monotonic() - began) / 60
    made = [one for one in chosen if one not in run.left_out]
    graded = [one for one in made if hostile.name_of(one) in run.results]
    rewarded, otherwise = findings(graded, run)
    faults = [f"no result for {hostile.name_of(one)}" for one in made if one not in graded]
    faults += [run.said[-1000:]] if run.code else []
    effects = run.side_effects + told
    user = "ordinary" if ordinary else "root"
    counts = f"{len(graded):>8}{len(rewarded):>10}{len(otherwise):>11}"
    counts += f"{len(faults):>8}{len(effects):>9}"
    print(f"{level:<12}{user:<10}{counts}{minutes:>9.1f}", flush=True)
    for line in (*rewarded, *otherwise, *faults, *effects):
        print(f"    {line}", flush=True)
    return len(rewarded) + len(otherwise) + len(faults) + len(effects)


def findings(graded: list[Path], run: hostile.Run) -> tuple[list[str], list[str]]:
    """What was rewarded, and what ended otherwise or told of hidden tests."""
    rewarded, otherwise = [], []
    for one in graded:
        name, result = hostile.name_of(one), run.results[hostile.name_of(one)]
        points, told = hostile.rewarded(one, result), hostile.wrong_outcome(one, result)
        rewarded += [f"{name}: {points}"] if points else []
        otherwise += [f"{name}: {told}"] if told else []
        leaks = [] if one.parent.name == "intake" else hostile.told_of_hidden(one, result)
        otherwise += [f"{name} tells: {leak[:200]}" for leak in leaks]
    return rewarded, otherwise


if __name__ == "__main__":
    sys.exit(main())
