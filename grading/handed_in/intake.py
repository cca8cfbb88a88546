"""Reads a submission from a folder, a file or a zip, safely: bytes only, nothing of it is run.

No link is followed, only plain files are opened, and each is read up to a cap. Whatever can't be
taken becomes a problem that says which file, and why; the other files are graded all the same. A
file with another name is taken where it alone can be meant, and a note says so.
"""

from __future__ import annotations

import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grading.catalog import Catalog, Exercise
from grading.handed_in import archive, naming
from grading.handed_in.gather import File, Gathered, Piece, gather
from grading.handed_in.places import Folder, IntakeError, Kind, shown

__all__ = ["IntakeError", "Submission", "choose", "decode", "lone_exercise", "read"]

MAX_BYTES = 1024 * 1024
"""A file of this size or more is not taken."""

NOTEBOOK = "in Jupyter: File, Save and Export Notebook As, Executable Script"


@dataclass(frozen=True)
class Submission:
    """A name, the sources by stem, why others could not be taken, and by what name some were."""

    name: str
    sources: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)

    def has(self, exercise: Exercise) -> bool:
        """Is there a source for an exercise?"""
        return exercise.stem in self.sources

    def problem(self, exercise: Exercise) -> str:
        """Why there is no source for an exercise, in words."""
        return self.problems.get(exercise.stem, _missing(exercise))


def read(path: Path, catalog: Catalog) -> Submission:
    """Read a submission. Raises IntakeError where there is nothing to read at all."""
    try:
        mode = path.lstat().st_mode
    except OSError as error:
        raise IntakeError(f"{str(path)[:200]}: {error.strerror}") from None
    except ValueError as error:
        raise IntakeError(f"{str(path)[:200]!r} is no path: {error}") from None
    if stat.S_ISLNK(mode):
        raise IntakeError(f"{path} is a link; give the folder or file itself")
    if stat.S_ISDIR(mode):
        gathered = gather([Piece(Folder(path))])
        return choose(_name(path), gathered, catalog.exercises, catalog.exercises)
    if archive.is_zip(path.name):
        return choose(shown(path.stem), _alone(path), catalog.exercises, catalog.exercises)
    return _read_file(path, catalog)


def lone_exercise(path: Path, catalog: Catalog) -> Exercise | None:
    """The exercise that a path to a single Python file means; None for a folder or a zip."""
    if not path.name.lower().endswith(".py") or path.is_dir() or not path.exists():
        return None
    return naming.meant(path.name, catalog.exercises)


def choose(
    name: str, gathered: Gathered, known: Sequence[Exercise], chosen: Sequence[Exercise]
) -> Submission:
    """Take each chosen exercise's file from those that were gathered.

    Where one exercise is chosen, a lone file may be called anything that means no other.
    """
    submission = Submission(name, {})
    meant = [(file, naming.meant(file.path[-1], known)) for file in gathered.files]
    for exercise in chosen:
        alike = [file for file, other in meant if other is exercise]
        if len(chosen) == 1 and not alike:
            alike = [file for file, _ in meant if not naming.says_another(file.path[-1], known)]
        try:
            file = _the_one(exercise, gathered, alike)
            submission.sources[exercise.stem] = _text(file)
            if file.path != (f"{exercise.stem}.py",):
                said = f"{shown(file.path)} was taken as {exercise.stem}.py"
                submission.notes[exercise.stem] = said
        except IntakeError as error:
            if str(error) != _missing(exercise):
                submission.problems[exercise.stem] = str(error)
    return submission


def decode(content: bytes, name: str) -> str:
    """Source as text: UTF-8 with or without byte order mark, any line ends. Raises IntakeError."""
    if b"\0" in content:
        line = content[: content.index(b"\0")].count(b"\n") + 1
        raise IntakeError(f"{name}:{line} holds a NUL byte; save the file as UTF-8 text")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        byte = content[error.start]
        raise IntakeError(
            f"{name}:{line} is not UTF-8 (byte 0x{byte:02x} at {error.start}); "
            "save the file as UTF-8 text"
        ) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _read_file(path: Path, catalog: Catalog) -> Submission:
    """A submission of one file, which must bear an exercise's name or one that means it."""
    name = shown(path.name)
    if path.suffix.lower() == ".ipynb":
        raise IntakeError(f"{name} is a notebook; export it as .py ({NOTEBOOK})")
    if archive.is_other_archive(path.name):
        raise IntakeError(f"{name} can't be opened here; hand in a zip, a folder or a file")
    exercise = lone_exercise(path, catalog)
    if exercise is None:
        known = ", ".join(f"{exercise.stem}.py" for exercise in catalog.exercises)
        raise IntakeError(f"{name} bears no exercise's name; expected one of {known}")
    return choose(shown(path.stem), _alone(path), catalog.exercises, (exercise,))


def _alone(path: Path) -> Gathered:
    """What a file holds; links on the way to it are the caller's own."""
    return gather([Piece(Folder(path.parent.resolve()), (path.name,), Kind.FILE)])


def _the_one(exercise: Exercise, gathered: Gathered, alike: list[File]) -> File:
    """The file at the top, else the only one of its name, else the only one that can be meant.

    Raises IntakeError.
    """
    wanted = f"{exercise.stem}.py"
    named = [file for file in gathered.files if file.path[-1] == wanted]
    candidates = [file for file in named if len(file.path) == 1] or named
    if not candidates:
        candidates = [file for file in alike if file.is_python]
    at_the_top = len(candidates) == 1 and candidates[0].path == (wanted,)
    if len(candidates) == 1 and (gathered.whole or at_the_top):
        return candidates[0]
    if len(candidates) > 1:
        several = " or ".join(shown(file.path) for file in candidates[:3])
        raise IntakeError(f"{wanted} could be {several}: hand in one of them, by its right name")
    raise IntakeError(_absence(exercise, gathered, alike))


def _absence(exercise: Exercise, gathered: Gathered, alike: list[File]) -> str:
    """Why there is no file for an exercise."""
    notebook = next((file for file in alike if not file.is_python), None)
    if notebook is not None:
        return f"{shown(notebook.path)} is a notebook; export it as {exercise.stem}.py ({NOTEBOOK})"
    said = gathered.faults[:3]
    if not said and not gathered.files and gathered.others:
        said = [f"it holds {' and '.join(shown(name) for name in gathered.others[:3])}"]
    return "; ".join([_missing(exercise), *said])


def _missing(exercise: Exercise) -> str:
    return f"{exercise.stem}.py is not in the submission"


def _text(file: File) -> str:
    content = file.place.fetch(file.steps, MAX_BYTES)
    name = shown(file.path)
    if len(content) >= MAX_BYTES:
        raise IntakeError(f"{name} has {MAX_BYTES} bytes or more; that is no exercise")
    return decode(content, name)


def _name(folder: Path) -> str:
    name = folder.resolve().name or str(folder)
    return name.encode("utf-8", "backslashreplace").decode()
