"""Item analysis: how hard each test was, and whether it separates strong students from weak ones.

Discrimination is the corrected item-total correlation, also called item-rest correlation: the
point-biserial correlation of passing the test (0 or 1) with the points of all other tests. The item
itself is left out of the total, or it would correlate with itself.

Sources: S. Henrysson, Correction of item-total correlations in item analysis, Psychometrika 28
(1963); R. L. Ebel and D. A. Frisbie, Essentials of Educational Measurement (1991), for the words.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grading.report.cohort import Cohort, Test
from grading.report.facts import WAITING
from grading.results import Status

MIN_ANSWERS = 10
"""Of fewer answers a correlation says nothing."""

_WORDS = (
    *((0.4, "separates very well"), (0.3, "separates well"), (0.2, "separates a little")),
    (-0.1, "hardly separates"),
)


@dataclass(frozen=True)
class Item:
    """A test's figures among those who began its part.

    `share_failed` is None where nobody did; `discrimination`, from -1 to 1, is None where it is
    not defined: too few answers, or all alike, in the test or in all others.
    """

    test: Test
    answers: int
    failed: int
    discrimination: float | None

    @property
    def share_failed(self) -> float | None:
        """The share of those who began the part and failed the test."""
        return self.failed / self.answers if self.answers else None

    @property
    def word(self) -> str:
        """What the discrimination means."""
        if self.discrimination is None:
            return ""
        words = (word for least, word in _WORDS if self.discrimination >= least)
        return next(words, "the wrong way")


def analyse(cohort: Cohort) -> list[Item]:
    """The figures of every test, in the order of the class's list."""
    shape = len(cohort.rows), len(cohort.tests)
    begun, passed = np.zeros(shape, bool), np.zeros(shape, bool)
    for row, own in enumerate(cohort.rows):
        for test, status in own.statuses():
            begun[row, test] = status not in WAITING
            passed[row, test] = status is Status.PASSED
    points = np.array([test.points for test in cohort.tests])
    earned = passed @ points
    return [
        _item(test, passed[begun[:, i], i], earned[begun[:, i]])
        for i, test in enumerate(cohort.tests)
    ]


def _item(test: Test, passed: NDArray[np.bool_], earned: NDArray[np.float64]) -> Item:
    """From who passed, (N,), and all that each has earned, (N,)."""
    rest = np.round(earned - passed * test.points, 2)
    answers, failed = len(passed), int((~passed).sum())
    undefined = answers < MIN_ANSWERS or failed in (0, answers) or np.ptp(rest) == 0
    correlation = None if undefined else float(np.corrcoef(passed, rest)[0, 1])
    return Item(test, answers, failed, correlation)
