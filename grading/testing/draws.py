"""Draws the cases of the graded tests: sizes and a seed by hypothesis, the numbers by the case.

    @cases("B", "I", "H")
    def test_claim(student: Student, case: Case) -> None:
        x = case.normal(case.B, case.I)

Hypothesis draws only a handful of small integers an example, which keeps it quick and lets it
shrink a failure to small sizes. Sizes named in one call are distinct, so that swapped axes show.
"""

from __future__ import annotations

import functools
import inspect
import itertools
import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

import hypothesis
import torch
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Flaky

from grading.testing.case import Case

SIZES = (2, 7)
"""The smallest and the largest size that is drawn."""

EQUAL = 3
"""All sizes of a case where they are the same."""

SEEDS = 2**16
"""The largest seed of a case."""

EXAMPLES = 2
"""Cases that are drawn, beside those that are always among them."""

SHRINKS = 300
"""Cases that are run after the first failure, to find a small one."""

_SETTINGS = settings(
    derandomize=False,
    database=None,
    deadline=None,
    print_blob=False,
    report_multiple_bugs=False,
    suppress_health_check=list(HealthCheck),
)
"""What a default of hypothesis could change is told outright."""


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
    smallest = dict.fromkeys(names, 1) | {name: low for name, (low, _) in ranges.items()}
    highest = {name: high for name, (_, high) in ranges.items()}
    usual = {name: size for size, name in enumerate(names, start=SIZES[0])}
    special = [dict.fromkeys(names, EQUAL)] if equal else []
    special += [usual | {name: 1} for name in single]
    always = [Case(sizes | highest, number) for number, sizes in enumerate(special, start=2)]
    if ones:
        always.insert(0, Case(smallest, seed=1, dtype=torch.float32))
    strategy = _drawn_cases(names, tuple(ranges.items()))

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        drawn = Drawn(test, strategy, always, examples)

        @functools.wraps(test)
        def on_cases(student: Any) -> None:
            drawn.run(student)

        # pytest reads there which fixtures a test wants: a case is none
        on_cases.__dict__["__signature__"] = inspect.signature(on_cases, follow_wrapped=False)
        on_cases.__dict__["drawn"] = drawn
        return on_cases

    return decorate


@dataclass
class Drawn:
    """A graded test on its cases. Hypothesis draws them once, and is asked again where one fails.

    So what it costs falls on the first submission that a process grades, and on no right one after.
    """

    test: Callable[..., None]
    strategy: st.SearchStrategy[Case]
    always: list[Case]
    examples: int
    seed: int = 0
    shrink: bool = False
    _cases: list[Case] = field(default_factory=list)

    def configure(self, seed: int, shrink: bool) -> None:
        """By which seed cases are drawn, and whether a small one is looked for that fails."""
        if seed != self.seed:
            self._cases.clear()
        self.seed, self.shrink = seed, shrink

    def cases(self) -> list[Case]:
        """The cases: those that are always among them, then what is drawn."""
        if not self._cases:
            self._ask(self._cases.append)
        return self._cases

    def run(self, student: Any) -> None:
        """Run the test. Raises what it raises, and Flaky where a case that failed fails no more."""
        for case in self.cases():
            try:
                self._run_on(case, student)
            except Exception as error:
                if self.shrink:
                    if _hides_axes(case, error):
                        self._look_for_one_with_axes(student, error)
                    self._look_for_a_small_one(student)
                else:
                    self._run_on(case, student, again=True)
                raise Flaky("a case that failed doesn't fail when it is run again") from None

    def _run_on(self, case: Case, student: Any, again: bool = False) -> None:
        student.begin_example(again)
        self.test(student=student, case=replace(case))  # its random numbers from the start

    def _look_for_one_with_axes(self, student: Any, like: Exception) -> None:
        """Raise what the first drawn case raises that fails alike, if there is one."""
        for case in self.cases()[len(self.always) :]:
            try:
                self._run_on(case, student, again=True)
            except Exception as error:
                if _kind(error) == _kind(like):
                    raise

    def _look_for_a_small_one(self, student: Any) -> None:
        """Raise what the smallest case raises that hypothesis finds to fail."""
        shrinking = _Shrinking()

        def one_example(case: Case) -> None:
            if not shrinking.leaves_out(case):
                with shrinking.noting(case):
                    self._run_on(case, student, again=True)

        self._ask(one_example, Phase.shrink)

    def _ask(self, one_example: Callable[[Case], None], *phases: Phase) -> None:
        """Have hypothesis draw the cases and call this with each."""
        asked = given(case=self.strategy)(lambda case: one_example(case))
        for case in self.always:  # of these, hypothesis runs the last one first
            asked = example(case=case)(asked)
        phases = (Phase.explicit, Phase.generate, *phases)
        plan = settings(_SETTINGS, max_examples=self.examples, phases=phases)
        plan(hypothesis.seed(self.seed)(asked))()


def _hides_axes(case: Case, error: Exception) -> bool:
    """Is a shape wrong where all sizes are 1? Then its axes can't be told from each other."""
    return set(case.sizes.values()) == {1} and _kind(error).endswith(": wrong shape")


def _kind(error: Exception) -> str:
    return getattr(error, "kind", "")


class _Shrinking:
    """Bounds what a failure's way to a small case may cost: after SHRINKS further ones, no new one.

    Counted, and not timed: the same submission shrinks to the same case on a busy machine.
    """

    def __init__(self) -> None:
        self._failed: set[str] = set()
        self._further = 0

    def leaves_out(self, case: Case) -> bool:
        """Is this one too many? Those that failed are run again: hypothesis wants to see it."""
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
