"""Remembers between runs which parts were right, and whether the end was celebrated.

Kept in `.kit/progress.json`, by the path that was watched. Where that file can't be read or
written, nothing is remembered, and nothing else is lost.
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from grading.memory import keep, recall
from grading.results import ExerciseResult, Status


class State(msgspec.Struct, frozen=True):
    """How far one submission has come: a status for every `stem/part`."""

    parts: dict[str, Status] = {}
    finished: bool = False


class Progress:
    """What is remembered of one submission."""

    def __init__(self, home: Path, submission: Path) -> None:
        self._path = home / ".kit" / "progress.json"
        self._key = str(submission.resolve())
        self.state = recall(self._path, State).get(self._key, State())

    def keep(self, exercises: tuple[ExerciseResult, ...], finished: bool) -> None:
        """Remember the statuses of these exercises' parts."""
        now = {f"{e.id}/{part.name}": part.status for e in exercises for part in e.parts}
        state = State({**self.state.parts, **now}, finished)
        if state != self.state:
            self.state = state
            keep(self._path, {**recall(self._path, State), self._key: state})
