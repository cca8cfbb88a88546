"""The hint ladder: three rungs a part, one at a time, and it remembers the rung."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from grading.catalog import Exercise
from grading.memory import keep, recall
from grading.results import Result, Status


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

    A diagnosis that is new since the last hint comes first. Which parts are right is kept as well.
    Where what is kept can't be read or written, every ladder starts at its first rung.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / ".kit" / "hints.json"
        self._diagnoses = home / ".kit" / "diagnoses.json"
        self._right = home / ".kit" / "right.json"

    def note(self, result: Result) -> None:
        """Keep which parts are right, and what the diagnoses of a check say."""
        self._note_right(result)
        kept = recall(self._diagnoses, str)
        for exercise in result.exercises:
            for part in exercise.parts:
                key, say = f"{exercise.id}/{part.name}", part.diagnosis and part.diagnosis.say
                kept.pop(key, None)
                if not say:
                    kept.pop(_told(key), None)
                elif say != kept.get(_told(key)):
                    kept[key] = say
        keep(self._diagnoses, kept)

    def _note_right(self, result: Result) -> None:
        parts = ((f"{e.id}/{part.name}", part) for e in result.exercises for part in e.parts)
        right = {key: part.status is Status.PASSED for key, part in parts}
        keep(self._right, recall(self._right, bool) | right)

    def first(self, exercise: Exercise) -> str:
        """The first part of an exercise that isn't right yet; the first one where all are."""
        right = recall(self._right, bool)
        names = [part.name for part in exercise.parts]
        return next((name for name in names if not right.get(f"{exercise.stem}/{name}")), names[0])

    def next(self, exercise: Exercise, part: str, reset: bool = False) -> Hint:
        """The next rung of a part, and remember it; after the last one, the last again."""
        given, key = recall(self._path, int), f"{exercise.stem}/{part}"
        texts = exercise.by_name[part].hints
        before = 0 if reset else max(given.get(key, 0), 0)
        diagnosis = self._tell_diagnosis(key, reset)
        rung = before if diagnosis else min(before + 1, len(texts))
        keep(self._path, {**given, key: rung})
        if diagnosis:
            return Hint(exercise, part, 0, len(texts), diagnosis)
        return Hint(exercise, part, rung, len(texts), texts[rung - 1])

    def _tell_diagnosis(self, key: str, reset: bool) -> str:
        """Give what diagnosis has to say that was not told yet, and note that it was."""
        kept = recall(self._diagnoses, str)
        say = kept.pop(key, "") or (kept.get(_told(key), "") if reset else "")
        if say:
            keep(self._diagnoses, {**kept, _told(key): say})
        return say


def _told(key: str) -> str:
    return f"told {key}"
