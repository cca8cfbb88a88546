"""Trouble that is nobody's wrong answer: a command misused, the grader's own fault, a hindrance."""

from __future__ import annotations


class Misused(Exception):
    """What was asked for can't be done as it was asked; the text says why, and what to do."""


class GraderFault(Exception):
    """The grader itself failed: a bug of ours, never a student's mistake."""


class HinderedError(Exception):
    """What was asked for is right, and can't be finished now; what was done until then stays."""


class DiskFullError(HinderedError):
    """There is no room for a file; what stood there before still stands."""
