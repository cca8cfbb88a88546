"""Finds the submissions of a class in whatever an instructor holds: a folder, or a zip, of them.

What was found is read one submission at a time. Nothing that somebody handed in is dropped: what
can't be read is an entry all the same, with the reason as the problem of each of its exercises.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace

from grading.catalog import Catalog
from grading.handed_in import archive, intake, labels
from grading.handed_in.gather import Piece, gather
from grading.handed_in.intake import Submission
from grading.handed_in.places import Folder, IntakeError, Kind, Place, reason
from grading.handed_in.platforms import canvas, gradescope, loose, moodle, nbgrader
from grading.handed_in.platforms.shelf import Exercises, Found, Recogniser, Shelf, shelf
from grading.results import Origin

PLATFORMS: tuple[Recogniser, ...] = (
    gradescope.recognise,
    moodle.recognise,
    canvas.recognise,
    nbgrader.recognise,
)


@dataclass(frozen=True)
class Entry:
    """A submission of a class, not read yet.

    `name` is its own in the class and fit for a file on any system; `origin` says whose it is;
    `exercises` are to be graded, of those `known`.
    """

    name: str
    origin: Origin
    known: Exercises
    exercises: Exercises
    pieces: tuple[Piece, ...]
    fault: str = ""

    def read(self) -> Submission:
        """Read it. Whatever can't be taken is a problem of the submission; nothing is raised."""
        try:
            if self.fault:
                raise IntakeError(self.fault)
            gathered = gather(self.pieces)
        except IntakeError as error:
            return Submission(self.name, {}, {one.stem: str(error) for one in self.exercises})
        if not (gathered.files or gathered.faults or gathered.others):
            gathered.faults.append("the submission is empty")
        submission = intake.choose(self.name, gathered, self.known, self.exercises)
        for exercise in self.exercises:
            if not submission.has(exercise):
                submission.problems[exercise.stem] = submission.problem(exercise)
        return submission


def find(
    path: Path, catalog: Catalog, exercises: Exercises = (), without: Collection[str] = ()
) -> list[Entry]:
    """The submissions below a folder or in a zip, by name; `exercises` are to be graded, or all.

    `without` names folders in it that are nobody's. Raises IntakeError where there is no submission
    at all.
    """
    chosen = exercises or catalog.exercises
    place, lineage = _place(path)
    try:
        whole = shelf(place, (), lineage, catalog.exercises, chosen)
        found = _recognised(whole.only([item for item in whole.items if item.name not in without]))
    except IntakeError as error:
        said = str(error)
        raise IntakeError(said if said.startswith(str(path)) else f"{path}: {said}") from None
    if not found:
        raise IntakeError(
            f"{path} holds no submission; expected a folder, a zip or a .py file for each student, "
            "or what Canvas, Moodle, Gradescope or nbgrader give"
        )
    return _named(found, catalog.exercises, chosen)


def _place(path: Path) -> tuple[Place, tuple[str, ...]]:
    """What to look into, and the folders it lies in. An instructor's own link is followed."""
    try:
        real = path.resolve(strict=True)
        if real.is_dir():
            return Folder(real), real.parts[1:]
    except OSError as error:
        raise IntakeError(f"{str(path)[:200]}: {reason(error)}") from None
    except (ValueError, RuntimeError) as error:
        raise IntakeError(f"{str(path)[:200]!r} is no path: {error}") from None
    if not archive.is_zip(real.name):
        raise IntakeError(f"{path} is no folder and no zip; give the class as one of them")
    return archive.open_in(Folder(real.parent), (real.name,), archive.CLASS), ()


def _recognised(whole: Shelf) -> list[Found]:
    """The submissions of a shelf or, where that only wraps another, of the one inside it."""
    by_platform = _by_platform(whole)
    if by_platform is not None:
        return by_platform
    if [item.kind for item in whole.items] == [Kind.FOLDER]:
        inner = whole.inside(whole.items[0].name)
        by_platform = _by_platform(inner)
        if by_platform is not None:
            return by_platform
        if isinstance(whole.place, archive.Zip) and _holds_many(inner):
            return loose.recognise(inner)
    return loose.recognise(whole)


def _by_platform(one: Shelf) -> list[Found] | None:
    """What a platform's shelf holds, and what lies beside it; None where no platform made it.

    It is of the platform that leaves least aside: one student's odd name makes no other of it.
    """
    made = [recognised for recognise in PLATFORMS if (recognised := recognise(one))]
    if not made:
        return None
    best = min(made, key=lambda recognised: sum(len(rest.items) for rest in recognised.rest))
    return best.found + [found for rest in best.rest for found in loose.everything(rest)]


def _holds_many(inner: Shelf) -> bool:
    """Does it hold several folders or zips, and no exercise itself?"""
    whole = [i for i in inner.items if i.kind is Kind.FOLDER or archive.is_zip(i.name)]
    return len(whole) > 1 and not any(i.name.lower().endswith(".py") for i in inner.items)


def _named(found: list[Found], known: Exercises, chosen: Exercises) -> list[Entry]:
    """Give each submission its name; of several that would have the same, none keeps it.

    So nobody takes over what another's name stands for: a result, an override.
    """
    entries: list[Entry] = []
    wanted = Counter(_label(one).casefold() for one in found)
    taken = set(wanted)
    for one in sorted(found, key=_order):
        name, origin = _label(one), one.origin
        if wanted[name.casefold()] > 1:
            note = f"another submission is called {name}, too"
            origin = replace(origin, notes=(*origin.notes, note))
            others = (labels.apart(name, *_order(one), str(n)) for n in itertools.count())
            name = next(other for other in others if other.casefold() not in taken)
        taken.add(name.casefold())
        entries.append(Entry(name, origin, known, chosen, one.pieces, one.fault))
    return sorted(entries, key=lambda entry: entry.name)


def _label(one: Found) -> str:
    return labels.label(one.student, one.identifier)


def _order(one: Found) -> tuple[str, ...]:
    """What tells a submission from all others."""
    places = ["/".join(piece.steps) for piece in one.pieces]
    return (one.student, one.identifier, *one.origin.ids.values(), *places)
