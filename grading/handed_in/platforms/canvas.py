"""Canvas: `name_LATE_<user>_<submission>_file.py`, all of a class's files in one folder.

Names and files may hold numbers of their own. A file's name that can be read in two ways is read
as those of its class that can be read in one: by a known student and user, else by numbers of
the usual length that are no other student's, else with the first two numbers as the platform's.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from grading.handed_in import naming
from grading.handed_in.gather import Piece
from grading.handed_in.places import Item, Kind, shown
from grading.handed_in.platforms.shelf import Exercises, Found, Recognised, Shelf
from grading.results import Origin

_NUMBERS = re.compile(r"(?s)(?=_([0-9]+)_([0-9]+)_(.+))")
_AGAIN = re.compile(r"(?s)(.+)-([0-9]+)(\.[^.]+)")
_LATE = "_LATE"


@dataclass(frozen=True)
class _Name:
    """A name, taken apart."""

    student: str
    late: bool
    user: str
    submission: str
    file: str

    @property
    def whose(self) -> tuple[str, str]:
        return self.student, self.user

    @property
    def lengths(self) -> tuple[int, int]:
        return len(self.user), len(self.submission)


@dataclass(frozen=True)
class _File:
    """An item with its name taken apart; `again` counts its resubmissions."""

    item: Item
    name: _Name
    file: str
    again: int


def recognise(shelf: Shelf) -> Recognised | None:
    """The submissions of a Canvas download: of each file, the latest that was handed in."""
    readings = {item: readings_of(item.name) for item in shelf.items if item.kind is Kind.FILE}
    readings = {item: names for item, names in readings.items() if names}
    if not readings:
        return None
    students: dict[tuple[str, str], list[_File]] = defaultdict(list)
    for item, name in _settled(readings):
        students[name.whose].append(_File(item, name, *_unnumbered(name.file, shelf.known)))
    found = [_found(shelf, files) for _, files in sorted(students.items())]
    others = [item for item in shelf.items if item not in readings]
    return Recognised(found, (shelf.only(others),))


def readings_of(name: str) -> list[_Name]:
    """All ways to take a file's name apart, that of the first two numbers first."""
    return [
        _Name(
            student=name[: match.start()].removesuffix(_LATE),
            late=name[: match.start()].endswith(_LATE),
            user=match[1],
            submission=match[2],
            file=match[3],
        )
        for match in _NUMBERS.finditer(name)
        if name[: match.start()].removesuffix(_LATE)
    ]


def _settled(readings: dict[Item, list[_Name]]) -> Iterable[tuple[Item, _Name]]:
    clear = [names[0] for names in readings.values() if len(names) == 1]
    students = {name.whose for name in clear}
    users = {name.user for name in clear}
    lengths = {name.lengths for name in clear}
    for item, names in readings.items():
        by_student = [name for name in names if name.whose in students]
        by_length = [name for name in names if name.lengths in lengths and name.user not in users]
        yield item, (by_student or by_length or names)[0]


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
