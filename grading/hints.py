"""The hint ladder: three rungs a part, one at a time, and it remembers the rung."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from grading.catalog import Exercise
from grading.results import Result

T = TypeVar("T", int, str)


@dataclass(frozen=True)
class Hint:
    """One rung of a part's ladder; rung 0 is what diagnosis has to say."""

    exercise: Exercise
    part: str
    rung: int
    rungs: int
    text: str


class Ladder:
    """The ladders of a kit, with the rung reached on each kept in `.kit/hints.json`.

    A diagnosis that is new since the last hint comes first. Where what is kept can't be read or
    written, every ladder starts at its first rung.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / ".kit" / "hints.json"
        self._diagnoses = home / ".kit" / "diagnoses.json"

    def note(self, result: Result) -> None:
        """Keep what the diagnoses of a check say that were not told yet."""
        kept = self._read(self._diagnoses, str)
        for exercise in result.exercises:
            for part in exercise.parts:
                key, say = f"{exercise.id}/{part.name}", part.diagnosis and part.diagnosis.say
                kept.pop(key, None)
                if not say:
                    kept.pop(_told(key), None)
                elif say != kept.get(_told(key)):
                    kept[key] = say
        self._write(self._diagnoses, kept)

    def next(self, exercise: Exercise, part: str, reset: bool = False) -> Hint:
        """The next rung of a part, and remember it; after the last one, the last again."""
        given, key = self._read(self._path, int), f"{exercise.stem}/{part}"
        texts = exercise.by_name[part].hints
        before = 0 if reset else max(given.get(key, 0), 0)
        diagnosis = self._new_diagnosis(key, reset)
        rung = before if diagnosis else min(before + 1, len(texts))
        self._write(self._path, {**given, key: rung})
        if diagnosis:
            return Hint(exercise, part, 0, len(texts), diagnosis)
        return Hint(exercise, part, rung, len(texts), texts[rung - 1])

    def _new_diagnosis(self, key: str, reset: bool) -> str:
        """What diagnosis has to say that was not told yet; from now on it was."""
        kept = self._read(self._diagnoses, str)
        say = kept.pop(key, "") or (kept.get(_told(key), "") if reset else "")
        if say:
            self._write(self._diagnoses, {**kept, _told(key): say})
        return say

    @staticmethod
    def _read(path: Path, kind: type[T]) -> dict[str, T]:
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(kept, dict):
            return {}
        return {key: value for key, value in kept.items() if isinstance(value, kind)}

    @staticmethod
    def _write(path: Path, kept: Mapping[str, int | str]) -> None:
        with contextlib.suppress(OSError):
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(kept, indent=1), encoding="utf-8")


def _told(key: str) -> str:
    return f"told {key}"
