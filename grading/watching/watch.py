"""Grades what changed whenever a file is saved, with both sides warm; hears single keys.

watchfiles only says *when* to look; *what* changed is told by comparing the files' content with
what was graded last. So it doesn't matter how an editor saves, how often, or whether a save fell
into a grading run.
"""

from __future__ import annotations

import dataclasses
import signal
import time
from collections.abc import Generator, Iterator
from contextlib import closing, suppress
from pathlib import Path

import watchfiles
from rich.console import Console

from grading.catalog import Catalog, Exercise
from grading.handed_in import intake
from grading.handed_in.intake import IntakeError, Submission
from grading.judging.grade import Job, Options, grade, grade_many
from grading.report import news
from grading.results import Result
from grading.session.process import Starter
from grading.session.starters import ForkServer
from grading.watching import keys
from grading.watching.board import Board

STEP_MS, TOGETHER_MS, TICK_MS = 20, 100, 100
"""How often to look for saves, how long to gather them, how often to look for keys."""

SETTLING_SECONDS = 0.3
"""A file that is gone or empty may be on its way back: it is given so long."""


def watch(path: Path, catalog: Catalog, seed: int, starter: Starter, screen: Console) -> None:
    """Grade everything once, then what is saved, until `q`.

    Raises GraderFault when anything but a submission goes wrong, and KeyboardInterrupt as it comes
    or when the screen's reader has left.
    """
    alone = intake.lone_exercise(path, catalog)
    chosen = (alone,) if alone else catalog.exercises
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # which sets the terminal back
    files, board = _Files(path, catalog, chosen), Board(catalog, path, screen)
    with keys.listening() as typed:
        news.show_watching(str(path), typed.terminal, screen)
        _grade_each(_Watch(files, board, typed, screen), catalog, Options(chosen, seed), starter)


def _grade_each(watching: _Watch, catalog: Catalog, options: Options, starter: Starter) -> None:
    """Grade job after job: each in a fork of this process, or in it where that can't be forked."""
    if isinstance(starter, ForkServer):
        grade_many(watching.jobs(), catalog, options, starter, watching.done, at_once=1)
        return
    for job in watching.jobs():
        own = dataclasses.replace(options, exercises=job.exercises)
        watching.done(job, grade(job.submission, catalog, own, starter))


class _Watch:
    """Waits for saves and keys, gives jobs, takes results."""

    def __init__(self, files: _Files, board: Board, typed: keys.Keys, screen: Console) -> None:
        self._files = files
        self._board = board
        self._keys = typed
        self._screen = screen
        self._whole: Job | None = None

    def jobs(self) -> Iterator[Job]:
        """What to grade, one job after the other; waits in between, and ends with `q`."""
        job: Job | None = self._everything()
        while job is not None:
            yield job
            with closing(_ticks(self._files)) as ticks:  # no thread of it while graders are forked
                job = self._next(ticks)

    def done(self, job: Job, result: Result) -> None:
        """Take the result of a job."""
        self._board.take(result, whole=job is self._whole)

    def _everything(self) -> Job:
        self._whole = self._files.everything()
        return self._whole

    def _next(self, ticks: Iterator[bool]) -> Job | None:
        """Wait for the next job; None is the end."""
        for look in ticks:
            if self._screen.quiet:  # its reader has left, and nobody else would end this
                raise KeyboardInterrupt
            if look and (job := self._files.changed()) is not None:
                return job
            while key := self._keys.take().lower():
                if key in ("q", keys.END):
                    return None
                if key == "a":
                    return self._everything()
                self._press(key)
        return None

    def _press(self, key: str) -> None:
        if key == "h":
            self._board.hint()
        elif key == "n":
            self._board.next()
        else:
            self._board.explain_keys()


class _Files:
    """The files of a submission, and what of them was graded last."""

    def __init__(self, path: Path, catalog: Catalog, exercises: tuple[Exercise, ...]) -> None:
        self._path = path.resolve()
        self._folder = self._path.parent if path.is_file() else self._path
        self._catalog = catalog
        self._exercises = exercises
        self._graded: dict[str, tuple[bool, str]] = {}

    def place(self) -> Path:
        """The folder to watch: the submission's own or, while that is gone, the one above."""
        return next(place for place in (self._folder, *self._folder.parents) if place.is_dir())

    def everything(self) -> Job:
        """All exercises, as they are now."""
        return self._job(self._read(), self._exercises)

    def changed(self) -> Job | None:
        """The exercises whose files are not as they were when they were graded last, if any."""
        submission = self._read()
        changed = self._differing(submission)
        if any(not submission.sources.get(exercise.stem) for exercise in changed):
            time.sleep(SETTLING_SECONDS)
            submission = self._read()
            changed = self._differing(submission)
        return self._job(submission, changed) if changed else None

    def _read(self) -> Submission:
        try:
            return intake.read(self._path, self._catalog)
        except IntakeError as error:
            return Submission(
                self._path.stem, {}, {exercise.stem: str(error) for exercise in self._exercises}
            )

    def _differing(self, submission: Submission) -> tuple[Exercise, ...]:
        return tuple(
            exercise
            for exercise in self._exercises
            if _content(submission, exercise) != self._graded[exercise.stem]
        )

    def _job(self, submission: Submission, exercises: tuple[Exercise, ...]) -> Job:
        self._graded |= {e.stem: _content(submission, e) for e in exercises}
        return Job(submission, exercises)


def _content(submission: Submission, exercise: Exercise) -> tuple[bool, str]:
    """A file's text, or why there is none."""
    source = submission.sources.get(exercise.stem)
    return (True, source) if source is not None else (False, submission.problem(exercise))


def _ticks(files: _Files) -> Generator[bool, None, None]:
    """Say again and again whether to look at the files: at first, and when something was saved.

    Begins anew after every save: the folder itself may have been replaced.
    """
    while True:
        saves = watchfiles.watch(
            files.place(),
            watch_filter=None,
            step=STEP_MS,
            debounce=TOGETHER_MS,
            rust_timeout=TICK_MS,
            yield_on_timeout=True,
            recursive=False,
        )
        with closing(saves), suppress(FileNotFoundError):  # gone again before the watcher stood
            next(saves)
            yield True  # what was saved before the watcher stood
            for saved in saves:
                yield bool(saved)
                if saved:
                    break
