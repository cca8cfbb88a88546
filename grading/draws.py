"""Draws the cases of the graded tests: sizes and a seed by hypothesis, the numbers by torch.

    @cases("B", "I", "H")
    def test_claim(student: Student, case: Case) -> None:
        x = case.normal(case.B, case.I)

Hypothesis draws only a handful of small integers an example, which keeps it quick and lets it
shrink a failure to small sizes. Sizes named in one call are distinct, so that swapped axes show.
"""

from __future__ import annotations

import functools
import itertools
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from hypothesis import example, given
from hypothesis import strategies as st
from torch import Tensor, nn

SIZES = (2, 7)
EQUAL = 3
SEEDS = 2**16
EXAMPLES = 2
SHRINKS = 300
"""Cases that are run after the first failure, to find a small one."""


@dataclass(frozen=True, repr=False)
class Case:
    """Sizes by name, a dtype, and random numbers that depend on the seed alone."""

    sizes: dict[str, int]
    seed: int
    dtype: torch.dtype = torch.float64
    generator: torch.Generator = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "generator", torch.Generator().manual_seed(self.seed))

    @classmethod
    def fixed(cls, seed: int = 0, dtype: torch.dtype = torch.float64, **sizes: int) -> Case:
        """One case, for a test that needs no more."""
        return cls(sizes, seed, dtype)

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name}={size}" for name, size in self.sizes.items())
        return f"Case({sizes}, seed={self.seed}, {str(self.dtype).removeprefix('torch.')})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """For Hypothesis, which else prints every field at length, of each example that it runs."""
        printer.text(repr(self))

    def __getattr__(self, name: str) -> int:
        """A size by its name."""
        try:
            return self.sizes[name]
        except KeyError:
            raise AttributeError(f"this case has no size {name}") from None

    def normal(self, *shape: int, scale: float = 1.0) -> Tensor:
        """Normal numbers, rounded to two decimals so that they can be read."""
        drawn = torch.randn(*shape, generator=self.generator, dtype=torch.float64) * scale
        return drawn.round(decimals=2).to(self.dtype)

    def zeros(self, *shape: int) -> Tensor:
        """Zeros in the case's dtype."""
        return torch.zeros(*shape, dtype=self.dtype)

    def recurrent(self, size: int) -> Tensor:
        """A tame (size, size) matrix: entries up to 0.6/√size; from 2 on, never symmetric."""
        drawn = torch.randn(size, size, generator=self.generator, dtype=torch.float64)
        tame = (drawn.clamp(-1.0, 1.0) * 0.5 / math.sqrt(size)).round(decimals=3)
        if size > 1:
            tame[0, 1] = tame[1, 0] - 0.1 if tame[1, 0] > 0 else tame[1, 0] + 0.1
        return tame.to(self.dtype)

    def integers(self, low: int, high: int, *shape: int) -> Tensor:
        """int64 numbers from low to high, both included."""
        return torch.randint(low, high + 1, shape, generator=self.generator)

    def integer(self, low: int, high: int) -> int:
        """One number from low to high, both included."""
        return int(self.integers(low, high).item())

    def permutation(self, count: int) -> Tensor:
        """An order that moves every element; from three on, one that is not its own inverse."""
        order = torch.randperm(count, generator=self.generator)
        shift = torch.empty(count, dtype=torch.int64)
        shift[order] = order.roll(1)
        return shift

    def load_random(self, module: nn.Module) -> nn.Module:
        """Fill a module on this side with tame random parameters, in the case's dtype."""
        module.to(self.dtype)
        with torch.no_grad():
            for parameter in module.parameters():
                scale = 0.5 / math.sqrt(parameter.shape[-1])
                parameter.copy_(self.normal(*parameter.shape, scale=scale))
        return module

    @staticmethod
    @torch.no_grad()
    def load_copying(rnn: nn.RNN) -> None:
        """Let one layer's states only copy themselves: what was read first counts to the end."""
        rnn.get_parameter("weight_hh_l0").copy_(torch.eye(rnn.hidden_size))
        for name in ("bias_ih_l0", "bias_hh_l0"):
            rnn.get_parameter(name).zero_()


def cases(
    *names: str,
    ones: bool = True,
    equal: bool = False,
    single: str = "",
    examples: int = EXAMPLES,
    **ranges: tuple[int, int],
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Run a graded test on drawn cases.

    `names` get distinct sizes from 2 to 7; each of `ranges` a number from low to high, both
    included. With `ones`, a case with every named size at 1 and every range at its low end, in
    float32, is always among them; and so is one with every range at its high end. With `equal`,
    all named sizes are also once the same, where a size doesn't tell which axis it belongs to; each
    name in `single` is also once the only size of 1, where squeezing takes one axis too many.
    """

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        shrinking = _Shrinking()

        @functools.wraps(test)
        def one_example(student: Any, case: Case) -> None:
            if shrinking.leaves_out(student, case):
                return
            student.begin_example()
            with shrinking.noting(case):
                test(student=student, case=replace(case))  # its random numbers from the start

        drawn = given(case=_drawn_cases(names, tuple(ranges.items())))(one_example)
        if ones:
            smallest = dict.fromkeys(names, 1) | {name: low for name, (low, _) in ranges.items()}
            drawn = example(case=Case(smallest, seed=1, dtype=torch.float32))(drawn)
        usual = {name: size for size, name in enumerate(names, start=SIZES[0])}
        special = [dict.fromkeys(names, EQUAL)] if equal else []
        special += [usual | {name: 1} for name in single]
        highest = {name: high for name, (_, high) in ranges.items()}
        for seed, sizes in enumerate(special, start=2):
            drawn = example(case=Case(sizes | highest, seed))(drawn)
        drawn.examples = examples  # type: ignore[attr-defined]
        return drawn

    return decorate


class _Shrinking:
    """Bounds what a failure's way to a small case may cost: after SHRINKS further ones, no new one.

    Counted, and not timed: the same submission shrinks to the same case on a busy machine.
    """

    def __init__(self) -> None:
        self._student: Any = None
        self._failed: set[str] = set()
        self._further = 0

    def leaves_out(self, student: Any, case: Case) -> bool:
        """Is this one too many? Those that failed are run again: hypothesis wants to see it."""
        if student is not self._student:
            self._student, self._failed, self._further = student, set(), 0
        self._further += bool(self._failed)
        return self._further > SHRINKS and repr(case) not in self._failed

    @contextmanager
    def noting(self, case: Case) -> Iterator[None]:
        """Note whether it fails."""
        try:
            yield
        except Exception:
            self._failed.add(repr(case))
            raise


@functools.cache  # hypothesis looks through each strategy once: tests share theirs
def _drawn_cases(
    names: tuple[str, ...], ranges: tuple[tuple[str, tuple[int, int]], ...]
) -> st.SearchStrategy[Case]:
    """Two whole numbers an example: which sizes, counted through, and a seed (odd: float32).

    Hypothesis begins with two zeros: small sizes, and every range at its high end.
    """
    low, high = SIZES
    distinct = list(itertools.permutations(range(low, high + 1), len(names)))
    spans = {name: range(first, last + 1) for name, (first, last) in ranges}

    def build(choice: int, seed: int) -> Case:
        sizes = dict(zip(names, distinct[choice % len(distinct)], strict=True))
        choice //= len(distinct)
        for name, span in spans.items():
            sizes[name] = span[-1 - choice % len(span)]
            choice //= len(span)
        return Case(sizes, seed, torch.float32 if seed % 2 else torch.float64)

    count = len(distinct) * math.prod(map(len, spans.values()))
    return st.builds(build, st.integers(0, count - 1), st.integers(0, SEEDS))
