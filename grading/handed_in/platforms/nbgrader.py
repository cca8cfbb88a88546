"""nbgrader: `submitted/<student>/<assignment>/`, given as the course, as `submitted`, or below it.

A student's assignments are one submission: the exercises may be spread over them.
"""

from __future__ import annotations

from grading.handed_in import naming
from grading.handed_in.gather import Piece, gather
from grading.handed_in.places import IntakeError, Item, Kind, shown
from grading.handed_in.platforms.shelf import Found, Recognised, Shelf
from grading.results import Origin

_SUBMITTED = "submitted"
_OWN = ("source", "release", _SUBMITTED, "autograded", "feedback")
"""The folders of a course that nbgrader itself makes."""


def recognise(shelf: Shelf) -> Recognised | None:
    """The submissions of a course; what else lies in it counts where it holds an exercise."""
    if all(item.name != _SUBMITTED for item in shelf.folders):
        return _recognised(shelf)
    students = _recognised(shelf.inside(_SUBMITTED))
    beside = [item for item in shelf.items if item.name not in _OWN and _answers(shelf, item)]
    return students and Recognised(students.found, (*students.rest, shelf.only(beside)))


def _recognised(shelf: Shelf) -> Recognised | None:
    """The submissions of `submitted`, or of what lies in it."""
    *_, grandparent, parent, own = ("", "", "", *shelf.lineage)
    has_answers = any(f"{one.stem}.py" == item.name for one in shelf.known for item in shelf.items)
    if own == _SUBMITTED and shelf.folders:
        others = [item for item in shelf.items if item.kind is not Kind.FOLDER]
        students = [_of_student(shelf, item) for item in shelf.folders]
        return Recognised(students, (shelf.only(others),))
    if parent == _SUBMITTED and shelf.folders and not has_answers and not _is_class(shelf):
        return Recognised([_found(own, _assignments(shelf))], ())
    if grandparent == _SUBMITTED and has_answers and not shelf.folders:
        return Recognised([_found(parent, [Piece(shelf.place, shelf.steps)])], ())
    return None


def _of_student(shelf: Shelf, item: Item) -> Found:
    try:
        return _found(item.name, _assignments(shelf.inside(item.name)))
    except IntakeError as error:
        return Found(item.name, "", Origin(student=shown(item.name)), fault=str(error))


def _assignments(shelf: Shelf) -> list[Piece]:
    """A student's assignments; the whole folder where files lie in it without one."""
    if any(_is_source(item) for item in shelf.items) or not shelf.folders:
        return [Piece(shelf.place, shelf.steps)]
    return [shelf.piece(item, item.name) for item in shelf.folders]


def _is_source(item: Item) -> bool:
    return item.name.lower().endswith((".py", ".ipynb", ".zip"))


def _is_class(shelf: Shelf) -> bool:
    """Do two of its folders hold the same exercise? Then they are students', not assignments."""
    seen: set[str] = set()
    for item in shelf.folders:
        own = _answers(shelf, item)
        if own & seen:
            return True
        seen |= own
    return False


def _answers(shelf: Shelf, item: Item) -> set[str]:
    """The exercises that an item holds; none where it can't be looked into."""
    try:
        files = gather([shelf.piece(item)]).files
    except IntakeError:
        return set()
    meant = {naming.meant(file.path[-1], shelf.known) for file in files}
    return {exercise.stem for exercise in meant if exercise}


def _found(student: str, pieces: list[Piece]) -> Found:
    return Found(student, "", Origin(student=shown(student)), tuple(pieces))
