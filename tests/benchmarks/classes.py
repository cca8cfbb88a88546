"""Classes for the benchmarks to grade, and a batch over one of them."""

from __future__ import annotations

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil

from grading import catalog as catalogs

CATALOG = catalogs.load()
_TIMES = re.compile(rb'"duration": [\d.e+-]+|<dt>Time</dt><dd>[\d.]+ s</dd>')


def of_solutions(folder: Path, size: int, only: str = "") -> Path:
    """A class of right answers to these exercises, no two of the same text; its folder."""
    for number in range(size):
        files = {stem: _solution(stem) for stem in stems(only)}
        _hand_in(folder / f"student-{number:04}", files, number)
    return folder


def of_all_kinds(folder: Path, copies: int) -> Path:
    """A class of right, wrong, unfinished and broken answers, so many of each; its folder."""
    right = {stem: _solution(stem) for stem in stems()}
    kinds = {
        "right": right,
        "unfinished": {stem: _text(CATALOG.stub(CATALOG.find(stem))) for stem in right},
        "empty": {},
        "wrong": {stem: text.replace(".T", "") for stem, text in right.items()},
        "random": _before_returning(right, "return 0.1 * torch.rand(1) + "),
        "endless": _before_returning(right, "while True: pass\n    return "),
        "dying": _before_returning(right, "import os; os.abort()\n    return "),
        "broken": {**right, "ex01_recurrence": "def rnn_step(:\n"},
    }
    for kind, files in kinds.items():
        for number in range(copies):
            _hand_in(folder / f"{kind}-{number}", files, number)
    return folder


def _solution(stem: str) -> str:
    return _text(CATALOG.solution(CATALOG.find(stem)))


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _before_returning(right: dict[str, str], what: str) -> dict[str, str]:
    """The first exercise with something in place of its returns; the others stay right."""
    stem = min(right)
    return {**right, stem: right[stem].replace("return ", what)}


def _hand_in(student: Path, files: dict[str, str], number: int) -> None:
    """Write a submission's files, each with a line that makes it another text."""
    student.mkdir(parents=True)
    for stem, text in files.items():
        (student / f"{stem}.py").write_text(f"{text}# {number}\n", encoding="utf-8")


def stems(only: str = "") -> tuple[str, ...]:
    """The stems of exercises that are named as for `--only`."""
    chosen = CATALOG.select([name for name in only.split(",") if name])
    return tuple(exercise.stem for exercise in chosen)


@dataclass(frozen=True)
class Batch:
    """A batch that is to be run: the class, where to, and how."""

    folder: Path
    out: Path
    jobs: int = 1
    only: str = ""

    @contextlib.contextmanager
    def running(self) -> Iterator[psutil.Popen]:
        """The batch under way; it is killed if it hasn't ended."""
        command = [sys.executable, "grader.py", "batch", self.folder, "--out", self.out]
        command += ["--jobs", str(self.jobs), "--only", self.only]
        process = psutil.Popen(command, cwd=CATALOG.home, stdout=subprocess.DEVNULL)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()

    def run(self) -> None:
        """Run it to its end. Raises RuntimeError where it fails."""
        with self.running() as process:
            if code := process.wait():
                raise RuntimeError(f"the batch ended with code {code}")

    def results(self) -> list[Path]:
        """The results that it has written so far."""
        return list((self.out / "results").glob("*.json"))

    def pages(self) -> list[Path]:
        """The pages for students that it has written so far."""
        return list((self.out / "students").glob("*.html"))

    def seconds_each(self) -> float:
        """Seconds from one result to the next, once every job has given its first."""
        when = sorted(path.stat().st_mtime for path in self.results())
        return (when[-1] - when[self.jobs - 1]) / (len(when) - self.jobs)


def timeless(path: Path) -> bytes:
    """A file's content without the times in it."""
    return _TIMES.sub(b"", path.read_bytes())
