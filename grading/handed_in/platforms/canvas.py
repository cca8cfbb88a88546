"""Canvas: `name_LATE_<user>_<submission>_file.py`, all of a class's files in one folder.

The late mark may be in small letters. The first two numbers are the platform's: Canvas takes such
numbers out of a student's name, and what follows is the file's own name, which may hold any.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from grading.handed_in import naming
from grading.handed_in.gather import Piece
from grading.handed_in.places import Item, Kind, shown
from grading.handed_in.platforms.shelf import Exercises, Found, Recognised, Shelf
from grading.results import Origin

_NAME = re.compile(r"(?si)(?!_LATE_)(.+?)(_LATE)?_([0-9]+)_([0-9]+)_(.+)")
_AGAIN = re.compile(r"(?s)(.+)-([0-9]+)(\.[^.]+)")


@dataclass(frozen=True)
class Name:
    """A file's name, taken apart."""

    student: str
    late: bool
    user: str
    submission: str
    file: str


@dataclass(frozen=True)
class _File:
    """An item with its name taken apart; `again` counts its resubmissions."""

    item: Item
    name: Name
    file: str
    again: int


def recognise(shelf: Shelf) -> Recognised | None:
    """The submissions of a Canvas download: of each file, the latest that was handed in."""
    files = [item for item in shelf.items if item.kind is Kind.FILE]
    names = {item: name for item in files if (name := taken_apart(item.name))}
    if not names:
        return None
    students: dict[tuple[str, str], list[_File]] = defaultdict(list)
    for item, name in names.items():
        file = _File(item, name, *_unnumbered(name.file, shelf.known))
        students[name.student, name.user].append(file)
    found = [_found(shelf, files) for _, files in sorted(students.items())]
    others = [item for item in shelf.items if item not in names]
    return Recognised(found, (shelf.only(others),))


def taken_apart(name: str) -> Name | None:
    """What a file's name says; None where it is none of Canvas's."""
    match = _NAME.fullmatch(name)
    return Name(match[1], bool(match[2]), *match.group(3, 4, 5)) if match else None


def _unnumbered(file: str, known: Exercises) -> tuple[str, int]:
    """A file's own name without the count of resubmissions, and the count.

    A number by which a file says which exercise it is (`ex-2.py`) is none.
    """
    match = _AGAIN.fullmatch(file)
    if match and naming.meant(match[1] + match[3], known) is naming.meant(file, known):
        return match[1] + match[3], int(match[2][:9])
    return file, 0


def _found(shelf: Shelf, files: list[_File]) -> Found:
    files = sorted(files, key=lambda file: (file.again, _number(file.name.submission)))
    latest = {file.file: file for file in files}
    earlier = tuple(shown(f.item.name) for f in files if f is not latest[f.file])
    last = files[-1].name
    origin = Origin(
        student=shown(last.student),
        late=any(file.name.late for file in latest.values()),
        earlier=earlier,
        ids={"canvas_user": last.user, "canvas_submission": last.submission},
    )
    pieces: tuple[Piece, ...] = tuple(shelf.piece(f.item, f.file) for f in latest.values())
    return Found(last.student, last.user, origin, pieces)


def _number(digits: str) -> tuple[int, str]:
    """Orders numbers of any length, without making them numbers."""
    plain = digits.lstrip("0")
    return len(plain), plain
