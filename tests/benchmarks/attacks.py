"""All situations of tests/attacks/, as one class, at every level, as root and as another user.

python -m tests.benchmarks.attacks [level …]

A line for each run: how many were graded, how many earned what they should not, how many ended
otherwise than they must, how often the grader failed, and what was changed or left behind outside.
What isn't 0 is told below. An ordinary user grades alone as that user.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grading.session import isolation
from grading.worker import confine
from tests.benchmarks.figures import Figure
from tests.kit import hostile

HEADER = f"{'level':<12}{'user':<10}{'graded':>8}{'rewarded':>10}{'otherwise':>11}"
HEADER += f"{'faults':>8}{'effects':>9}{'minutes':>9}"
ROUNDS, QUICK = 2 * len(isolation.LEVELS), 1
"""Of one level and user each."""


@dataclass
class Outcome:
    """What came of the class at one level, graded by one user: if all is well, empty lists."""

    graded: int
    rewarded: list[str]
    otherwise: list[str]
    faults: list[str]
    effects: list[str]
    minutes: float

    @property
    def wrong(self) -> list[str]:
        """All that is not as it must be."""
        return [*self.rewarded, *self.otherwise, *self.faults, *self.effects]


def main() -> int:
    """Print the table; 1 where a figure that should be 0 is not."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.attacks")
    parser.add_argument("levels", nargs="*", help="all if none")
    asked = parser.parse_args().levels or list(isolation.LEVELS)
    if unknown := set(asked) - set(isolation.LEVELS):
        parser.error(f"{unknown} is none of {', '.join(isolation.LEVELS)}")
    print(HEADER, flush=True)
    wrong = 0
    for level, ordinary in runs(asked):
        outcome = one_run(level, ordinary)
        user = "ordinary" if ordinary else "root"
        lists = (outcome.rewarded, outcome.otherwise, outcome.faults, outcome.effects)
        r, o, f, e = map(len, lists)
        print(f"{level:<12}{user:<10}{outcome.graded:>8}{r:>10}{o:>11}", end="")
        print(f"{f:>8}{e:>9}{outcome.minutes:>9.1f}", flush=True)
        for line in outcome.wrong:
            print(f"    {line}", flush=True)
        wrong += len(outcome.wrong)
    return int(wrong > 0)


def measure(rounds: int) -> Iterator[Figure]:
    """Cheats rewarded, wrong ends, faults and side effects over so many levels and users."""
    for level, ordinary in list(runs(list(isolation.LEVELS)))[:rounds]:
        outcome = one_run(level, ordinary)
        where = f"{level}, {'ordinary user' if ordinary else 'root'}"
        yield Figure(f"attacks graded ({where})", outcome.graded)
        yield Figure(f"cheats rewarded ({where})", len(outcome.rewarded), most=0)
        yield Figure(f"ended otherwise ({where})", len(outcome.otherwise), most=0)
        yield Figure(f"grader faults ({where})", len(outcome.faults), most=0)
        yield Figure(f"side effects ({where})", len(outcome.effects), most=0)


def runs(levels: list[str]) -> Iterator[tuple[str, bool]]:
    """Each level that this machine offers with each user: ordinary or not."""
    failed = {name for name, why_not in confine.tried().items() if why_not}
    for level in levels:
        if not failed & set(isolation.LEVELS[level]):
            yield from ((level, o) for o in ((False, True) if os.geteuid() == 0 else (True,)))


def one_run(level: str, ordinary: bool) -> Outcome:
    """Grade the class once."""
    chosen = [one for one in hostile.SITUATIONS if hostile.promised(one, level)]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        run = hostile.grade(chosen, Path(folder), level, ordinary)
        told = hostile.unescaped([*run.out.rglob("*.html"), *run.out.rglob("*.csv")])
    made = [one for one in chosen if one not in run.left_out]
    graded = [one for one in made if hostile.name_of(one) in run.ended.results]
    faults = [f"no result for {hostile.name_of(one)}" for one in made if one not in graded]
    faults += [run.ended.said[-1000:]] if run.ended.code else []
    rewarded, otherwise = findings(graded, run)
    effects = [str(effect) for effect in run.ended.side_effects + told]
    minutes = (time.monotonic() - began) / 60
    return Outcome(len(graded), rewarded, otherwise, faults, effects, minutes)


def findings(graded: list[Path], run: hostile.Run) -> tuple[list[str], list[str]]:
    """What was rewarded, and what ended otherwise or told of hidden tests."""
    rewarded, otherwise = [], []
    for one in graded:
        name, result = hostile.name_of(one), run.ended.results[hostile.name_of(one)]
        points, told = hostile.rewarded(one, result), hostile.wrong_outcome(one, result)
        rewarded += [f"{name}: {points}"] if points else []
        otherwise += [f"{name}: {told}"] if told else []
        leaks = [] if one.parent.name == "intake" else hostile.told_of_hidden(one, result)
        otherwise += [f"{name} tells: {leak[:200]}" for leak in leaks]
    return rewarded, otherwise


if __name__ == "__main__":
    sys.exit(main())
