"""Every benchmark of this folder in one table, and whether each figure is within its bound.

    python -m tests.benchmarks                       all of them: about two hours
    python -m tests.benchmarks --quick               fewer rounds
    python -m tests.benchmarks --only speed,memory   these alone
    python -m tests.benchmarks --skip mutants,fuzz   all but these, which take the longest

The exit code is 1 where one isn't within its bound.
"""

from __future__ import annotations

import argparse
import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from rich.console import Console
from rich.table import Table

from tests.benchmarks.figures import Figure

HELPERS = ("__main__", "classes", "figures", "machine", "million", "warm")
"""Modules of this folder that aren't benchmarks; million prints figures of others."""


def main() -> int:
    """Measure what is asked for, print the table; the exit code."""
    asked = _asked()
    figures = []
    for name in asked.only:
        if name not in asked.skip:
            for figure in _measured(name, asked.quick):
                print(figure, file=sys.stderr, flush=True)
                figures.append(figure)
    Console().print(table(figures))
    return int(not all(figure.met for figure in figures))


def names() -> list[str]:
    """The benchmarks of this folder."""
    found = (path.stem for path in Path(__file__).parent.glob("*.py"))
    return sorted(name for name in found if name not in HELPERS)


def table(figures: list[Figure]) -> Table:
    """Name, figure, bound, and whether it is met, in words."""
    drawn = Table("", "figure", "bound", "met?", box=None)
    for column in (1, 2):
        drawn.columns[column].justify = "right"
    for figure in figures:
        value = f"{figure.value:.2f} {figure.unit}".rstrip()
        met = ("yes" if figure.met else "NO") if figure.bound else ""
        drawn.add_row(figure.name, value, figure.bound, met)
    return drawn


def _measured(name: str, quick: bool) -> Iterator[Figure]:
    module: ModuleType = importlib.import_module(f"tests.benchmarks.{name}")
    yield from module.measure(module.QUICK if quick else module.ROUNDS)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks")
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--only", type=_names, default=names(), metavar="A,B")
    parser.add_argument("--skip", type=_names, default=[], metavar="A,B")
    return parser.parse_args()


def _names(text: str) -> list[str]:
    """The names in a list with commas; argparse tells what isn't known."""
    chosen = text.split(",")
    for name in chosen:
        if name not in names():
            raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(names())}")
    return chosen


if __name__ == "__main__":
    sys.exit(main())
