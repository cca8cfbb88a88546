"""Writes files whole or not at all."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


class CantWriteError(Exception):
    """A file can't be written; the text says which, why, and whether it is for want of room."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(f"{path} can't be written: {error.strerror or error}")
        self.errno = error.errno


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that a reader, or the next run, sees the old one or the new one.

    Raises CantWriteError, and leaves nothing half-written behind.
    """
    beside = path.with_name(f".{path.name[:200]}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        raise CantWriteError(path, error) from None
