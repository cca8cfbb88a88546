"""The hint ladder: three rungs a part, one at a time, and it remembers the rung."""

from __future__ import annotations

import contextlib
import json
from dataclasses import dataclass
from pathlib import Path

from grading.catalog import Exercise


@dataclass(frozen=True)
class Hint:
    """One rung of a part's ladder."""

    exercise: Exercise
    part: str
    rung: int
    rungs: int
    text: str


class Ladder:
    """The ladders of a kit, with the rung reached on each kept in `.kit/hints.json`.

    Where that file can't be read or written, every ladder starts at its first rung.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / ".kit" / "hints.json"

    def next(self, exercise: Exercise, part: str, reset: bool = False) -> Hint:
        """The next rung of a part, and remember it; after the last one, the last again."""
        given = self._read()
        texts = exercise.by_name[part].hints
        key = f"{exercise.stem}/{part}"
        rung = 1 if reset else min(given.get(key, 0) + 1, len(texts))
        self._write({**given, key: rung})
        return Hint(exercise, part, rung, len(texts), texts[rung - 1])

    def _read(self) -> dict[str, int]:
        try:
            given = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return {}
        if not isinstance(given, dict):
            return {}
        return {key: rung for key, rung in given.items() if isinstance(rung, int) and rung > 0}

    def _write(self, given: dict[str, int]) -> None:
        with contextlib.suppress(OSError):
            self._path.parent.mkdir(exist_ok=True)
            self._path.write_text(json.dumps(given, indent=1), encoding="utf-8")
