"""What right answers and known mistakes give the probes of an exercise, as it is kept.

tests/probes/exNN_name.msgpack holds names, sentences and numbers, no code: proof/learn.py makes it,
diagnose.py reads it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import msgspec

from grading.testing.probes import Note, Notes


class Known(msgspec.Struct, frozen=True):
    """A known mistake: its name, its sentence, and which notes it gives."""

    id: str
    say: str
    notes: tuple[int, ...]


class PartNumbers(msgspec.Struct, frozen=True):
    """A part: what right answers give, and what the known mistakes give, the simplest first.

    `silent` names the mistakes that give no answers (an endless loop, say): they are never named.
    """

    right: tuple[int, ...]
    known: tuple[Known, ...]
    silent: tuple[str, ...]


class Numbers(msgspec.Struct, frozen=True):
    """An exercise: the different notes, and the parts, which refer to them by place.

    `made_of` is the digest of the files that they come from.
    """

    notes: tuple[Note, ...]
    parts: dict[str, PartNumbers]
    made_of: str = ""

    def expand(self, places: Iterable[int]) -> Notes:
        """The notes at these places."""
        return tuple(self.notes[place] for place in places)


def read(path: Path) -> Numbers:
    """The numbers of an exercise; none where the file isn't there, or holds something else."""
    try:
        return msgspec.msgpack.decode(path.read_bytes(), type=Numbers)
    except (FileNotFoundError, msgspec.DecodeError, UnicodeDecodeError):
        return Numbers((), {})
