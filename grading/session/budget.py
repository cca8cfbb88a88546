"""What calls may cost: the seconds of one call, and those of all calls of a part together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from grading.session import outcomes
from grading.session.process import DeadlineError

CALL_SECONDS = 3.0
"""CPU seconds that one call may take; ten times as many on the wall clock."""

PART_SECONDS = 6.0
"""CPU seconds that all calls of one part may take together; ten times as many on the clock."""


@dataclass
class Budget:
    """The seconds that calls may take, and those that each part's calls have taken."""

    call: float = CALL_SECONDS
    part: float = PART_SECONDS
    _spent: dict[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, time_factor: float) -> Self:
        """So many times the usual seconds."""
        return cls(CALL_SECONDS * time_factor, PART_SECONDS * time_factor)

    def left(self, part: str) -> float:
        """Seconds that the part's next call may take. Raises Timeout where there are none."""
        left = self.part - self._spent.get(part, 0.0)
        if left <= 0:
            raise outcomes.Timeout(f"not run: {part} had used up its {self.part:g} s")
        return min(left, self.call)

    def timeout(self, what: str, seconds: float, late: DeadlineError) -> outcomes.Timeout:
        """What `what` comes to, cut off after so many seconds.

        Where less was left for a call than one may take, how much isn't told: that differs from run
        to run.
        """
        when = f"after {late}"
        if seconds < self.call:
            when = f"when the {self.part:g} s of all its calls were used up"
        return outcomes.Timeout(f"{what} was still running {when}")

    def spend(self, part: str, seconds: float) -> None:
        """Note what a call of the part has taken."""
        self._spent[part] = self._spent.get(part, 0.0) + seconds
