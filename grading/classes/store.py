"""The results of a class on disk: one JSON a submission, and what each was graded from.

A result's fingerprint has three pieces: the submission's content, what was asked (exercises, seed,
limits, isolation), and the kit. Where all three are as they were, it need not be graded again;
where one isn't, it says why a score may have changed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

import filelock
import msgspec

from grading import files, kit
from grading.classes.orders import Setup
from grading.files import make_folder, write_whole
from grading.handed_in.intake import Submission
from grading.results import NoResultError, Result, from_json, to_json

_READ = "what was read of the submission"
_PIECES = (_READ, "what was asked (exercises, seed, limits, isolation)", "the kit")

RESULTS, NAMES = "results", "class.txt"
"""A folder of a JSON for each submission, and the names of those that the last batch found."""


class Store:
    """The folder of a class's results."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.results = folder / RESULTS

    @contextmanager
    def alone(self, waiting: Callable[[], None]) -> Iterator[None]:
        """While open, no other batch works on this folder.

        `waiting` is called where one has to end first. Raises WriteError where the folder can't be
        made or written to.
        """
        make_folder(self.results)
        lock = filelock.FileLock(self.folder / ".lock")
        with files.refusals_of(self.folder):
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
        except (OSError, NoResultError):
            return None

    def keep(self, name: str, result: Result) -> None:
        """Write a result, whole or not at all. Raises WriteError."""
        write_whole(self._path(name), to_json(result))

    def remember(self, names: Collection[str]) -> int:
        """Write down who is in the class, and count the results of others. Raises WriteError."""
        write_whole(self.folder / NAMES, "".join(f"{name}\n" for name in names).encode())
        return sum(path.stem not in names for path in self.results.glob("*.json"))

    def _path(self, name: str) -> Path:
        return self.results / f"{name}.json"


def is_of_batch(folder: Path) -> bool:
    """Is it a folder that a batch wrote results into?"""
    return (folder / RESULTS).is_dir() and (folder / NAMES).is_file()


def names_of(folder: Path) -> list[str] | None:
    """Who is in the class of a batch's folder; None where that was not written down.

    Raises OSError where it can't be read.
    """
    try:
        return (folder / NAMES).read_text(encoding="utf-8-sig", errors="replace").split()
    except FileNotFoundError:
        return None


def fingerprint(submission: Submission, setup: Setup) -> str:
    """What a grade of this submission depends on, as three short pieces."""
    content = msgspec.msgpack.encode(
        [sorted(submission.sources.items()), sorted(submission.problems.items())]
    )
    return f"{_digest(content)}-{_digest(msgspec.msgpack.encode(setup))}-{kit.fingerprint()}"


def difference(before: Result, now: Result) -> str:
    """Which pieces of two results' fingerprints differ, in words; nothing where none does.

    Where other exercises were asked for, other files were read: that says nothing of the student.
    """
    pairs = zip(before.fingerprint.split("-"), now.fingerprint.split("-"), strict=False)
    changed = [name for name, (old, new) in zip(_PIECES, pairs, strict=False) if old != new]
    if {e.id for e in before.exercises} != {e.id for e in now.exercises}:
        changed = [name for name in changed if name != _READ]
    return f"{' and '.join(changed)} changed" if changed else ""


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=6).hexdigest()
