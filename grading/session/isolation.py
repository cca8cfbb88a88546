"""How far a student's code is shut in, as the trusted side sees it: levels, and what they deny."""

from __future__ import annotations

from collections.abc import Iterable

from grading.errors import GraderFault
from grading.worker.confine import ALWAYS
from grading.worker.confine import LEVELS as LEVELS  # (others take them from here)

IN_PROCESS = "none: in the tests' own process, not a grade"
NOT_STARTED = "not started"
SELF_CHECK = "self-check"
"""A worker on a system without Linux's means: timeouts and a process of its own."""

ADVICE = "python grader.py doctor says what this machine offers, and how to get more."


class IsolationError(GraderFault):
    """Workers can't be shut in as it was asked: a fault of machine or grader, never a student's."""


def level_of(measures: Iterable[str]) -> str:
    """The strongest level whose measures hold, of those that a worker told before it began."""
    held = set(measures)
    if not held:
        return NOT_STARTED
    for level, steps in LEVELS.items():
        if held.issuperset(steps) and held.issuperset(ALWAYS):
            return level
    return SELF_CHECK


def denies_strangers(level: str) -> bool:
    """Are files, network and signals denied: is it a level at which to grade strangers' files?"""
    return bool(LEVELS.get(level))
