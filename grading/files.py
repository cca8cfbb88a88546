"""Writes files whole or not at all, and says in words what the system refuses."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from grading.errors import DiskFullError, Misused


class WriteError(Misused):
    """A file can't be written where it was asked for; the text says which, and why."""


def write_whole(path: Path, content: bytes) -> None:
    """Put the whole content at a path, or leave it as it was. Raises WriteError, DiskFullError."""
    with refusals_of(path):
        if _is_open_already(path):
            with path.open("ab") as file:  # after what was written there before
                file.write(content)
        else:
            _put(path.resolve(), content)


def append(path: Path, content: bytes) -> None:
    """Add lines at a file's end. Raises WriteError and DiskFullError."""
    with refusals_of(path), path.open("ab") as file:
        if file.seekable() and file.tell() and not _ends_a_line(path):
            file.write(b"\n")
        file.write(content)


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, where it isn't there yet. Raises WriteError."""
    _refuse_file_as_folder(path, path)
    with refusals_of(path):
        path.mkdir(parents=True, exist_ok=True)


def refuse_hopeless(paths: Iterable[Path | None]) -> None:
    """Raise WriteError for paths at which no file can be, before time is spent on grading."""
    taken = set()
    for path in filter(None, paths):
        with refusals_of(path):
            if path.is_dir():
                raise WriteError(f"{path} can't be written: it is a folder; name a file in it")
            if not _is_open_already(path):
                real = Path(os.path.realpath(path))  # links are written through
                _refuse_place(path, real)
                if real in taken:
                    raise WriteError(f"{path} is asked for twice: give each file a name of its own")
                taken.add(real)


def _refuse_place(path: Path, real: Path) -> None:
    """Raise WriteError for a place at which no file can be; `path` is how it was named."""
    _refuse_file_as_folder(path, real.parent)
    if not real.parent.is_dir():
        raise WriteError(f"{path} can't be written: make the folder {real.parent} first")
    if not any(os.access(place, os.W_OK) for place in (real.parent, real)):
        folder = f"nothing can be written in {real.parent}"
        raise WriteError(f"{path} can't be written: {folder}; name a file in another folder")


def _refuse_file_as_folder(path: Path, folder: Path) -> None:
    """Raise WriteError where a file stands in the place of a folder that `path` needs."""
    for place in (folder, *folder.parents):
        if place.is_file():
            raise WriteError(f"{path} can't be written: {place} is a file; name a folder")


@contextmanager
def refusals_of(path: Path) -> Iterator[None]:
    """Tell in words what the system refuses. Raises WriteError and DiskFullError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(f"{path} can't be written: the disk is full; make room") from None
        raise WriteError(f"{path} can't be written: {error.strerror or error}") from None


def _is_open_already(path: Path) -> bool:
    """Does it stand for a terminal, a pipe, or whatever this process's output goes to?"""
    somewhere = Path(os.path.abspath(path)).parts[1:2] in (("dev",), ("proc",))
    return path.exists() and ((somewhere and path.is_symlink()) or not path.is_file())


def _put(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with beside.open("xb") as file:
            if path.exists():
                shutil.copymode(path, beside)
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"
