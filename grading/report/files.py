"""Writes the files that a result is asked for, one writer a format.

A file is written whole or not at all: beside its place first, then put there in one step.
GitHub's runner gives a step two files to tell it something, which other commands of the step
write to as well: `$GITHUB_OUTPUT`, where `--classroom` belongs, and `$GITHUB_STEP_SUMMARY`, which
`--markdown` may be given. To these is appended.
"""

from __future__ import annotations

import errno
import os
import secrets
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from grading.report import github, gradescope, junit
from grading.results import Result, to_json


class WriteError(ValueError):
    """A file can't be written where it was asked for; the text says which, and why."""


class DiskFullError(Exception):
    """There is no room for a file; what stood there before still stands."""


def write_all(result: Result, wanted: Mapping[str, Path | None]) -> None:
    """Write each format of `WRITERS` that has a path. Raises WriteError and DiskFullError."""
    for name, path in wanted.items():
        if path is not None:
            WRITERS[name](path, result)


def refuse_hopeless(paths: Iterable[Path | None]) -> None:
    """Raise WriteError for paths at which no file can be, before time is spent on grading."""
    for path in filter(None, paths):
        with _told(path):
            if path.is_dir():
                raise WriteError(f"{path} can't be written: it is a folder; name a file in it")
            if not path.parent.is_dir():
                raise WriteError(f"{path} can't be written: make the folder {path.parent} first")


def write_whole(path: Path, content: bytes) -> None:
    """Put the whole content at a path, or leave it as it was. Raises WriteError, DiskFullError."""
    with _told(path):
        if path.exists() and not path.is_file():  # a terminal or a pipe has no other place
            path.write_bytes(content)
        else:
            _put(path.resolve(), content)


def append(path: Path, content: bytes) -> None:
    """Add lines at a file's end. Raises WriteError and DiskFullError."""
    with _told(path), path.open("ab") as file:
        if file.seekable() and file.tell() and not _ends_a_line(path):
            file.write(b"\n")
        file.write(content)


def _put(path: Path, content: bytes) -> None:
    beside = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with beside.open("xb") as file:
            file.write(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def _ends_a_line(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(-1, os.SEEK_END)
        return file.read() == b"\n"


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Tell in words what the system refuses."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFullError(f"{path} can't be written: the disk is full; make room") from None
        raise WriteError(f"{path} can't be written: {error.strerror}") from None


def _markdown(path: Path, result: Result) -> None:
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    ours = summary is not None and path.resolve() == Path(summary).resolve()
    (append if ours else write_whole)(path, github.summary(result))


WRITERS: dict[str, Callable[[Path, Result], None]] = {
    "json": lambda path, result: write_whole(path, to_json(result)),
    "gradescope": lambda path, result: write_whole(path, gradescope.render(result)),
    "junit": lambda path, result: write_whole(path, junit.render(result)),
    "markdown": _markdown,
    "classroom": lambda path, result: append(path, github.classroom(result)),
}
"""How each format is written, by the name of its option."""
