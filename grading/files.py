"""Writes files whole or not at all, and says in words what the system refuses."""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from grading.errors import DiskFullError, Misused


class WriteError(Misused):
    """A file can't be written where it was asked for; the text says which, and why."""


def write_whole(path: Path, content: bytes) -> None:
    """Put the whole content at a path, or leave it as it was. Raises WriteError, DiskFullError."""
    with told(path):
        if path.exists() and not path.is_file():  # a terminal or a pipe has no other place
            path.write_bytes(content)
        else:
            _put(path.resolve(), content)


def append(path: Path, content: bytes) -> None:
    """Add lines at a file's end. Raises WriteError and DiskFullError."""
    with told(path), path.open("ab") as file:
        if file.seekable() and file.tell() and not _ends_a_line(path):
            file.write(b"\n")
        file.write(content)


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, where it isn't there yet. Raises WriteError."""
    with told(path):
        path.mkdir(parents=True, exist_ok=True)


def refuse_hopeless(paths: Iterable[Path | None]) -> None:
    """Raise WriteError for paths at which no file can be, before time is spent on grading."""
    for path in filter(None, paths):
        with told(path):
            if path.is_dir():
                raise WriteError(f"{path} can't be written: it is a folder; name a file in it")
            if not path.parent.is_dir():
                raise WriteError(f"{path} can't be written: make the folder {path.parent} first")


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Tell in words what the system refuses. Raises WriteError and DiskFullError."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(f"{path} can't be written: the disk is full; make room") from None
        raise WriteError(f"{path} can't be written: {error.strerror or error}") from None


def _put(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with beside.open("xb") as file:
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
