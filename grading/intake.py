"""Reads a submission from a folder or a file, safely: bytes only, nothing of it is run.

No link is followed, only plain files are opened, and each is read up to a cap. Whatever can't be
taken becomes a `Problem` that says which file, and why; the other files are graded all the same.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path

from grading.catalog import Catalog, Exercise
from grading.errors import Misused

MAX_BYTES = 1024 * 1024
"""A file of this size or more is not taken."""


class IntakeError(Misused):
    """The submission as a whole can't be taken; the text says why and what to do."""


@dataclass(frozen=True)
class Submission:
    """A name, the sources by stem, and why other files could not be taken."""

    name: str
    sources: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)

    def problem(self, exercise: Exercise) -> str:
        """Why there is no source for an exercise, in words."""
        missing = f"{exercise.stem}.py is not in the submission"
        return self.problems.get(exercise.stem, missing)


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
    return _read_folder(path, catalog) if stat.S_ISDIR(mode) else _read_file(path, catalog)


def _read_folder(folder: Path, catalog: Catalog) -> Submission:
    submission = Submission(_name(folder), {})
    try:
        present = sorted(os.listdir(folder))
    except OSError as error:
        raise IntakeError(f"{folder} can't be read: {error.strerror}") from None
    for exercise in catalog.exercises:
        name = f"{exercise.stem}.py"
        if name in present:
            _take(folder / name, exercise, submission)
        else:
            _suggest(present, exercise, submission)
    return submission


def _read_file(path: Path, catalog: Catalog) -> Submission:
    exercise = catalog.of_file(path) if path.suffix == ".py" else None
    if exercise is None:
        known = ", ".join(f"{exercise.stem}.py" for exercise in catalog.exercises)
        raise IntakeError(f"{path.name} bears no exercise's name; expected one of {known}")
    submission = Submission(path.stem, {})
    _take(path, exercise, submission)
    return submission


def _take(path: Path, exercise: Exercise, submission: Submission) -> None:
    try:
        submission.sources[exercise.stem] = read_source(path)
    except IntakeError as error:
        submission.problems[exercise.stem] = str(error)


def read_source(path: Path) -> str:
    """The text of a plain Python file. Raises IntakeError, which names the file and the reason."""
    return decode(_read_bytes(path), path.name)


def _read_bytes(path: Path) -> bytes:
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    if path.is_symlink():
        raise IntakeError(f"{path.name} is a link; a submission holds the file itself")
    if not path.is_file():
        kind = "a folder" if path.is_dir() else "no plain file"
        raise IntakeError(f"{path.name} is {kind}; expected a Python file")
    try:
        descriptor = os.open(path, flags)
    except OSError as error:
        raise IntakeError(f"{path.name} can't be read: {error.strerror}") from None
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise IntakeError(f"{path.name} is no plain file; expected a Python file")
        content = file.read(MAX_BYTES)
    if len(content) >= MAX_BYTES:
        raise IntakeError(f"{path.name} has {MAX_BYTES} bytes or more; that is no exercise")
    return content


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


def _suggest(present: list[str], exercise: Exercise, submission: Submission) -> None:
    """Name the file that may have been meant."""
    alike = [
        name
        for name in present
        if name.lower().startswith(exercise.number) and name.endswith(".py")
    ]
    if alike:
        submission.problems[exercise.stem] = (
            f"{exercise.stem}.py is not in the submission; there is {alike[0]!r}: rename it"
        )


def _name(folder: Path) -> str:
    name = folder.resolve().name or str(folder)
    return name.encode("utf-8", "backslashreplace").decode()
