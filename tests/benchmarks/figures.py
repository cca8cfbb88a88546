"""A figure of a benchmark: its bound, whether it is met, and how figures are printed.

A benchmark is a module of this folder with `ROUNDS` and `QUICK` (how many rounds, and how many in a
hurry) and `measure(rounds)`, which gives its figures as they are known.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

Measure = Callable[[int], Iterator["Figure"]]
"""Gives figures, from so many rounds."""


@dataclass(frozen=True)
class Figure:
    """What was measured, and its bound: `most` or `least`; without either it is for reading."""

    name: str
    value: float
    unit: str = ""
    most: float | None = None
    least: float | None = None

    @property
    def bound(self) -> str:
        """The bound in words."""
        if self.most is not None:
            return f"at most {self.most:g}"
        return f"at least {self.least:g}" if self.least is not None else ""

    @property
    def met(self) -> bool:
        """Is it within its bound?"""
        over = self.most is not None and self.value > self.most
        return not over and not (self.least is not None and self.value < self.least)

    def __str__(self) -> str:
        bound = f"({self.bound}){'' if self.met else '  NOT MET'}" if self.bound else ""
        return f"{self.name:<44} {self.value:10.2f} {self.unit:<4} {bound}".rstrip()


def show(figures: Iterable[Figure]) -> int:
    """Print figures as they come; the exit code, 1 where one isn't within its bound."""
    code = 0
    for figure in figures:
        print(figure, flush=True)
        code |= not figure.met
    return code


def main(measure: Measure, rounds: int) -> None:
    """Measure with as many rounds as the command line says, print the figures, and exit."""
    parser = argparse.ArgumentParser()
    parser.add_argument("rounds", nargs="?", type=int, default=rounds)
    sys.exit(show(measure(parser.parse_args().rounds)))
