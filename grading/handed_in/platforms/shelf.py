"""A folder in which submissions lie side by side, and a submission that was found in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from grading.catalog import Exercise
from grading.handed_in.gather import Piece, is_junk
from grading.handed_in.places import Item, Kind, Place, Steps
from grading.results import Origin

Exercises = tuple[Exercise, ...]


@dataclass(frozen=True)
class Found:
    """A submission: whose, by which number of the platform, its pieces, or why there are none."""

    student: str
    identifier: str = ""
    origin: Origin = field(default_factory=Origin)
    pieces: tuple[Piece, ...] = ()
    fault: str = ""


@dataclass(frozen=True)
class Shelf:
    """A folder of a place, and the names of the folders that it lies in, nearest last.

    `known` are all of a kit's exercises, `chosen` those that are graded.
    """

    place: Place
    steps: Steps
    items: tuple[Item, ...]
    lineage: Steps
    known: Exercises
    chosen: Exercises

    def piece(self, item: Item, name: str = "") -> Piece:
        """A piece of a submission, called by a name of its own where one is given."""
        return Piece(self.place, (*self.steps, item.name), item.kind, name)

    def inside(self, name: str) -> Shelf:
        """The shelf of one of the folders on this one. Raises IntakeError."""
        steps = (*self.steps, name)
        return shelf(self.place, steps, (*self.lineage, name), self.known, self.chosen)

    def only(self, items: list[Item]) -> Shelf:
        """The same shelf with some of its items."""
        return replace(self, items=tuple(items))

    @property
    def folders(self) -> list[Item]:
        """The folders on it."""
        return [item for item in self.items if item.kind is Kind.FOLDER]


@dataclass(frozen=True)
class Recognised:
    """What a platform made of a shelf: its submissions, and what else lies there."""

    found: list[Found]
    rest: tuple[Shelf, ...]


Recogniser = Callable[[Shelf], Recognised | None]
"""What a platform made of a shelf; None where nothing on it is as that platform makes it."""


def shelf(place: Place, steps: Steps, lineage: Steps, known: Exercises, chosen: Exercises) -> Shelf:
    """A shelf with what lies on it, without what systems leave behind. Raises IntakeError."""
    items = tuple(item for item in place.items(steps) if not is_junk(item.name))
    return Shelf(place, steps, items, lineage, known, chosen)
