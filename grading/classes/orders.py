"""What a grade server is asked for, and what it says: the messages between it and its clients."""

from __future__ import annotations

import msgspec

from grading.handed_in.intake import Submission


class Setup(msgspec.Struct, frozen=True):
    """What a grade server is asked for; the exercises by their stems, the seed in digits.

    (A number of msgpack's has 64 bits, and a secret seed may be longer.)
    `confined` refuses to grade where a worker is not kept from files, network and signals.
    """

    exercises: tuple[str, ...]
    seed: str
    isolation: str = ""
    confined: bool = True
    visible_only: bool = False
    time_factor: float = 1.0


class Ready(msgspec.Struct, frozen=True):
    """A server's first words: the level of isolation that its workers reach, or why none does."""

    level: str = ""
    fault: str = ""


class Graded(msgspec.Struct, frozen=True):
    """What a server says of one submission: its result as JSON, or that the grader failed."""

    result: bytes = b""
    fault: str = ""


class Order(msgspec.Struct, frozen=True):
    """One submission to grade, with what it is to be graded by."""

    kit: str
    setup: Setup
    submission: Submission
