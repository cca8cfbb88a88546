"""Lists and opens what lies in a folder that a stranger filled, without following any link.

A place (a folder here, a zip in `archive`) knows its files by their steps below it. On systems
that can, each step is taken from the descriptor of the one before, so that a folder which is
swapped for a link between a look and the opening is not followed either.
"""

from __future__ import annotations

import errno
import io
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import BinaryIO, Protocol, cast

from grading.errors import Misused

Steps = tuple[str, ...]
"""The names that lead from a place to something in it; () is the place itself."""

MAX_DEPTH = 32
"""What lies in more folders than this is not looked at."""

MAX_LISTED = 200_000
"""A folder with more names in it is not listed."""

_BY_DESCRIPTOR = os.open in os.supports_dir_fd and os.scandir in os.supports_fd
_NOFOLLOW = getattr(os, "O_NOFOLLOW", 0)
_FOLDER = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | _NOFOLLOW
_FILE = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0) | _NOFOLLOW
_SHOWN = 200


class IntakeError(Misused):
    """Something that was handed in can't be taken; the text says what, why and what to do."""


class Kind(Enum):
    """What a name in a place stands for."""

    FILE = auto()
    FOLDER = auto()
    LINK = auto()
    OTHER = auto()


@dataclass(frozen=True)
class Item:
    """A name in a place. `why` says why it can't be read, where that is known beforehand."""

    name: str
    kind: Kind
    why: str = ""


class Place(Protocol):
    """Holds files. All methods raise IntakeError, which names the file and the reason."""

    def items(self, steps: Steps) -> list[Item]:
        """What lies in a folder of the place, by name."""

    def fetch(self, steps: Steps, cap: int) -> bytes:
        """The content of a plain file; no more than `cap` bytes are read."""

    def open(self, steps: Steps) -> BinaryIO:
        """A plain file to read and seek in."""


def shown(name: str | Steps) -> str:
    """A stranger's name on one line: what can't be printed is spelled out, the rest cut."""
    text = name if isinstance(name, str) else "/".join(name)
    safe = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:_SHOWN])
    return safe if len(text) <= _SHOWN else f"{safe}…"


class Folder:
    """A folder on disk."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def items(self, steps: Steps) -> list[Item]:
        """What lies in a folder, by name. Raises IntakeError."""
        found: list[Item] = []
        try:
            with self._inside(steps) as folder, os.scandir(folder) as entries:
                for entry in entries:
                    found.append(Item(entry.name, _kind_of(entry)))
                    if len(found) > MAX_LISTED:
                        raise IntakeError(f"{self._shown(steps)} holds over {MAX_LISTED} files")
        except OSError as error:
            raise IntakeError(f"{self._shown(steps)} can't be read: {reason(error)}") from None
        return sorted(found, key=lambda item: item.name)

    def fetch(self, steps: Steps, cap: int) -> bytes:
        """The content of a plain file, up to `cap` bytes. Raises IntakeError."""
        with self.open(steps) as file:
            try:
                return file.read(cap)
            except OSError as error:
                raise IntakeError(f"{shown(steps)} can't be read: {reason(error)}") from None

    def open(self, steps: Steps) -> BinaryIO:
        """A plain file to read and seek in. Raises IntakeError."""
        name = shown(steps[-1])
        try:
            with self._inside(steps[:-1]) as folder:
                refuse_unless_plain(name, look(folder, steps[-1]))
                descriptor = _open(folder, steps[-1], _FILE)
        except OSError as error:
            raise IntakeError(f"{name} can't be read: {reason(error)}") from None
        try:
            refuse_unless_plain(name, os.fstat(descriptor).st_mode)
        except IntakeError:
            os.close(descriptor)
            raise
        return cast(BinaryIO, _Descriptor(descriptor))  # RawIOBase is one in all that is used

    @contextmanager
    def _inside(self, steps: Steps) -> Iterator[int | str]:
        """A folder, reached step by step: its descriptor or, where the system has none, its path.

        Raises OSError.
        """
        if not _BY_DESCRIPTOR:
            yield _unlinked(self._path, steps)
            return
        descriptor = os.open(self._path, _FOLDER)
        try:
            for step in steps:
                above = descriptor
                descriptor = os.open(step, _FOLDER, dir_fd=above)
                os.close(above)
            yield descriptor
        finally:
            os.close(descriptor)

    def _shown(self, steps: Steps) -> str:
        return shown(steps) if steps else shown(str(self._path))


def look(folder: int | str, name: str) -> int:
    """The mode of what lies in a folder, a link's own if it is one. Raises OSError."""
    if isinstance(folder, int):
        return os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
    return os.lstat(os.path.join(folder, name)).st_mode


def refuse_unless_plain(name: str, mode: int) -> None:
    """Raise IntakeError for anything that is no plain file."""
    if stat.S_ISLNK(mode):
        raise IntakeError(f"{name} is a link; a submission holds the file itself")
    if not stat.S_ISREG(mode):
        kind = "a folder" if stat.S_ISDIR(mode) else "no plain file"
        raise IntakeError(f"{name} is {kind}; expected a plain file")


def reason(error: OSError) -> str:
    """What the system says, in words; a link in the way is called by its name."""
    return "a link is in the way" if error.errno == errno.ELOOP else error.strerror or str(error)


def _open(folder: int | str, name: str, flags: int) -> int:
    if isinstance(folder, int):
        return os.open(name, flags, dir_fd=folder)
    return os.open(os.path.join(folder, name), flags)


def _unlinked(path: Path, steps: Steps) -> str:
    for step in steps:
        path = path / step
        if path.is_symlink():
            raise OSError(errno.ELOOP, "a link is in the way")
    return str(path)


def _kind_of(entry: os.DirEntry[str]) -> Kind:
    try:
        if entry.is_symlink():
            return Kind.LINK
        if entry.is_dir(follow_symlinks=False):
            return Kind.FOLDER
        return Kind.FILE if entry.is_file(follow_symlinks=False) else Kind.OTHER
    except OSError:
        return Kind.OTHER


class _Descriptor(io.RawIOBase):
    """An open file with a position of its own, so that forks which share it don't disturb it."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        size = os.fstat(self._descriptor).st_size
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: size}[whence]
        if start + offset < 0:
            raise OSError(errno.EINVAL, "no such place in the file")
        self._at = start + offset
        return self._at

    def read(self, size: int = -1) -> bytes:
        left = max(0, os.fstat(self._descriptor).st_size - self._at) if size < 0 else size
        pieces = []
        while left and (piece := self._read_at(left)):
            pieces.append(piece)
            self._at += len(piece)
            left -= len(piece)
        return b"".join(pieces)

    def _read_at(self, size: int) -> bytes:
        if hasattr(os, "pread"):
            return os.pread(self._descriptor, size, self._at)
        os.lseek(self._descriptor, self._at, os.SEEK_SET)
        return os.read(self._descriptor, size)

    def close(self) -> None:
        if not self.closed:
            os.close(self._descriptor)
        super().close()
