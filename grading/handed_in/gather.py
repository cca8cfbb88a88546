"""Gathers the files of one submission: from its folders, its zips, and what lies loose.

Files of Python and notebooks are listed, nothing is read yet. What can't be listed is a fault of
the submission, in words; what was found beside it still counts.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

from grading.handed_in import archive
from grading.handed_in.places import MAX_DEPTH, IntakeError, Item, Kind, Place, Steps, shown

MAX_FILES = 5_000
"""Folders of a submission are looked into until this many names were seen."""

MAX_ZIPS = 4
"""A submission's zips beyond these are not looked into."""

_JUNK = ("__MACOSX", "__pycache__", "node_modules", "site-packages", "venv")
_SUFFIXES = (".py", ".ipynb")


@dataclass(frozen=True)
class Piece:
    """A folder, zip or file that belongs to a submission; `name` is the student's own for it."""

    place: Place
    steps: Steps = ()
    kind: Kind = Kind.FOLDER
    name: str = ""


@dataclass(frozen=True)
class File:
    """A file: its path in the submission, and where it is."""

    path: Steps
    place: Place
    steps: Steps

    @property
    def is_python(self) -> bool:
        """Is it named as Python, and not as a notebook?"""
        return self.path[-1].lower().endswith(".py")


@dataclass
class Gathered:
    """The files of a submission, what couldn't be listed, and names of files of other kinds.

    It is `whole` if all of it was seen.
    """

    files: list[File] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)
    whole: bool = True


def gather(pieces: Sequence[Piece]) -> Gathered:
    """List the files of a submission, given in one piece or several.

    Raises IntakeError where it is one piece that can't be opened; of several, the others count.
    """
    walk = _Walk()
    for piece in pieces:
        alone = len(pieces) == 1
        try:
            walk.enter(piece, alone)
        except IntakeError as error:
            if alone:
                raise
            walk.gathered.faults.append(str(error))
    walk.go_on()
    return walk.gathered


def is_junk(name: str) -> bool:
    """Is this a name that systems and tools leave behind, and no student means to hand in?"""
    return name.startswith(".") or name in _JUNK


class _Walk:
    """Goes through folders and zips, those at the top first."""

    def __init__(self) -> None:
        self.gathered = Gathered()
        self._waiting: deque[tuple[Place, Steps, Steps]] = deque()
        self._seen = self._zips = 0

    def enter(self, piece: Piece, alone: bool) -> None:
        """Begin with a piece; what is in the only one lies at the top. Raises IntakeError."""
        name = piece.name or (piece.steps[-1] if piece.steps else "")
        path = () if alone or not name else (name,)
        if piece.kind is Kind.FOLDER:
            zipped = _only_zip(piece) if alone else None
            if zipped is None:
                self._list(piece.place, piece.steps, path)
            else:
                self.enter(zipped, alone)
        elif piece.kind is Kind.FILE and archive.is_zip(name):
            opened = archive.open_in(piece.place, piece.steps)
            self._list(opened, _top(opened) if alone else (), path)
        else:
            self._see(Item(name, piece.kind), piece.place, piece.steps, (name,))

    def go_on(self) -> None:
        """Look into every folder that was seen."""
        while self._waiting:
            if self._seen > MAX_FILES:
                self.gathered.whole = False
                fault = f"there are over {MAX_FILES} files in it: hand in the exercises' alone"
                self.gathered.faults.append(fault)
                return
            try:
                self._list(*self._waiting.popleft())
            except IntakeError as error:
                self.gathered.faults.append(str(error))

    def _list(self, place: Place, steps: Steps, path: Steps) -> None:
        for item in place.items(steps):
            self._see(item, place, (*steps, item.name), (*path, item.name))

    def _see(self, item: Item, place: Place, steps: Steps, path: Steps) -> None:
        self._seen += 1
        if is_junk(item.name):
            return
        if item.name.lower().endswith(_SUFFIXES):
            self.gathered.files.append(File(path, place, steps))
        elif item.kind is Kind.FOLDER and len(steps) > MAX_DEPTH:
            self.gathered.faults.append(f"it goes on in more than {MAX_DEPTH} folders")
        elif item.kind is Kind.FOLDER:
            self._waiting.append((place, steps, path))
        elif item.kind is Kind.LINK:
            self.gathered.faults.append(f"{shown(path)} is a link, which is not followed")
        elif item.kind is Kind.OTHER:
            fault = f"{shown(path)} {item.why or 'is no folder and no plain file'}"
            self.gathered.faults.append(fault)
        elif archive.is_zip(item.name):
            self._unzip(place, steps, path)
        elif archive.is_other_archive(item.name):
            fault = f"{shown(path)} can't be opened here: hand in the files themselves, or a zip"
            self.gathered.faults.append(fault)
        else:
            self.gathered.others.append(item.name)

    def _unzip(self, place: Place, steps: Steps, path: Steps) -> None:
        self._zips += 1
        if self._zips > MAX_ZIPS:
            self.gathered.faults.append(f"{shown(path)} is one zip too many: it was not opened")
            return
        try:
            self._waiting.append((archive.open_in(place, steps), (), path))
        except IntakeError as error:
            self.gathered.faults.append(str(error))


def _only_zip(piece: Piece) -> Piece | None:
    """The zip that is all a folder holds, as where a platform makes a folder for each student."""
    inside = [item for item in piece.place.items(piece.steps) if not is_junk(item.name)]
    if len(inside) != 1 or inside[0].kind is not Kind.FILE or not archive.is_zip(inside[0].name):
        return None
    return Piece(piece.place, (*piece.steps, inside[0].name), Kind.FILE)


def _top(opened: archive.Zip) -> Steps:
    """Where a zip's content begins: inside the one folder that often holds all of it."""
    inside = [item for item in opened.items(()) if not is_junk(item.name)]
    return (inside[0].name,) if [item.kind for item in inside] == [Kind.FOLDER] else ()
