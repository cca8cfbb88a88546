"""The results of a class on disk: one JSON a submission, and what each was graded from.

A result's fingerprint has three pieces: the submission's content, what was asked (exercises, seed,
limits, isolation), and the kit. Where all three are as they were, it need not be graded again;
where one isn't, it says why a score may have changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
import msgspec

from grading import files, kit
from grading.classes.orders import Setup
from grading.files import make_folder, write_whole
from grading.intake import Submission
from grading.results import Result, from_json, to_json

_PIECES = (
    "what was read of the submission",
    "what was asked (exercises, seed, limits, isolation)",
    "the kit",
)


class Store:
    """The folder of a class's results."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.results = folder / "results"

    @contextmanager
    def alone(self, waiting: Callable[[], None]) -> Iterator[None]:
        """While open, no other batch works on this folder.

        `waiting` is called where one has to end first. Raises WriteError where the folder can't be
        made or written to.
        """
        make_folder(self.results)
        lock = filelock.FileLock(self.folder / ".lock")
        with files.told(self.folder):
            try:
                lock.acquire(timeout=0)
            except filelock.Timeout:
                waiting()
                lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def read(self, name: str) -> Result | None:
        """The result of this name; None where there is none that can be read."""
        try:
            return from_json(self._path(name).read_bytes())
        except (OSError, msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return None

    def keep(self, name: str, result: Result) -> None:
        """Write a result, whole or not at all. Raises WriteError."""
        write_whole(self._path(name), to_json(result))

    def _path(self, name: str) -> Path:
        return self.results / f"{name}.json"


def fingerprint(submission: Submission, setup: Setup) -> str:
    """What a grade of this submission depends on, as three short pieces."""
    content = msgspec.msgpack.encode(
        [sorted(submission.sources.items()), sorted(submission.problems.items())]
    )
    return f"{_digest(content)}-{_digest(msgspec.msgpack.encode(setup))}-{kit.fingerprint()}"


def difference(before: str, now: str) -> str:
    """Which pieces of two fingerprints differ, in words; nothing where none does."""
    pairs = zip(before.split("-"), now.split("-"), strict=False)
    changed = [name for name, (old, new) in zip(_PIECES, pairs, strict=False) if old != new]
    return " and ".join(changed)


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=6).hexdigest()
