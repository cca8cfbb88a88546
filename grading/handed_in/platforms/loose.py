"""No platform at all: a folder of folders, of zips, of single files, or of all of them."""

from __future__ import annotations

from collections import defaultdict
from pathlib import PurePosixPath

from grading.handed_in import archive, naming
from grading.handed_in.places import IntakeError, Item, Kind, shown
from grading.handed_in.platforms.shelf import Found, Shelf
from grading.results import Origin

_SOURCES = (".py", ".ipynb")
_BESIDE = "loose-files"


def recognise(shelf: Shelf) -> list[Found]:
    """The submissions on a shelf. Raises IntakeError where it is one submission itself."""
    found = everything(shelf)
    if [one.student for one in found] == [_BESIDE]:
        raise IntakeError(
            "this is one submission, not a class: grade it with `python grader.py check`, "
            "or give the folder that holds all of them"
        )
    return found


def everything(shelf: Shelf) -> list[Found]:
    """A submission for each folder, zip and student's file.

    A single file's student is what its name says beside the exercise. Links and the like can't be
    opened but stand for somebody's submission all the same; files of other kinds don't.
    """
    files = [item for item in shelf.items if _is_source(item)]
    others = [_found(shelf, item) for item in shelf.items if not _is_source(item)]
    found = [one for one in others if one is not None]
    bare, named = _by_student(shelf, files)
    found += [_of_files(shelf, student, own) for student, own in sorted(named.items())]
    return found + ([_beside(shelf, bare)] if bare else [])


def _is_source(item: Item) -> bool:
    return item.kind is Kind.FILE and item.name.lower().endswith(_SOURCES)


def _found(shelf: Shelf, item: Item) -> Found | None:
    """A folder, a zip, or what can't be opened; None for a file that is no submission."""
    name = item.name
    if item.kind is Kind.FILE and archive.is_zip(name):
        return _one(shelf, PurePosixPath(name).stem, item)
    if item.kind is Kind.FOLDER:
        return _one(shelf, name, item)
    if item.kind is Kind.LINK:
        return _unread(name, f"{shown(name)} is a link, which is not followed")
    if item.kind is Kind.OTHER:
        return _unread(name, f"{shown(name)} {item.why or 'is no folder and no plain file'}")
    if archive.is_other_archive(name):
        return _unread(name, f"{shown(name)} can't be opened here: unpack it, or make it a zip")
    return None


def _by_student(
    shelf: Shelf, files: list[Item]
) -> tuple[list[Item], dict[str, list[tuple[Item, str]]]]:
    """Files that bear an exercise's name alone, and those of each student with their own names."""
    bare = []
    named: dict[str, list[tuple[Item, str]]] = defaultdict(list)
    for item in files:
        exercise = naming.meant(item.name, shelf.known)
        stem = PurePosixPath(item.name).stem
        if exercise is None:
            only = f"{shelf.chosen[0].stem}{item.name[len(stem) :].lower()}"
            named[stem].append((item, only if len(shelf.chosen) == 1 else item.name))
        elif student := naming.rest_of(item.name, exercise):
            named[student].append((item, item.name))
        else:
            bare.append(item)
    return bare, named


def _one(shelf: Shelf, student: str, item: Item) -> Found:
    return Found(student, "", Origin(student=shown(student)), (shelf.piece(item),))


def _of_files(shelf: Shelf, student: str, files: list[tuple[Item, str]]) -> Found:
    pieces = tuple(shelf.piece(item, name) for item, name in files)
    return Found(student, "", Origin(student=shown(student)), pieces)


def _unread(name: str, fault: str) -> Found:
    return Found(name, "", Origin(student=shown(name)), (), fault)


def _beside(shelf: Shelf, files: list[Item]) -> Found:
    origin = Origin(student="loose files", notes=("these files lie loose beside the submissions",))
    return Found(_BESIDE, "", origin, tuple(shelf.piece(item) for item in files))
