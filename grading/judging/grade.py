"""One submission → one result: run the graded tests on it, then share out the points.

`grade` does it once, in this process. `grade_many` collects the tests once and forks for every
submission, so that each starts from the same clean state and pays for its own tests alone.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NoReturn

from grading import results
from grading.catalog import Catalog, Exercise
from grading.cores import cores
from grading.errors import GraderFault
from grading.handed_in.intake import Submission
from grading.judging.run import Options, Progress, Run
from grading.results import Result
from grading.session.process import Starter
from grading.session.starters import ForkServer
from grading.worker import warm_up

__all__ = ["Job", "Options", "collect", "fork_for_each", "grade", "grade_many"]


def grade(
    submission: Submission,
    catalog: Catalog,
    options: Options,
    starter: Starter | None,
    progress: Progress | None = None,
) -> Result:
    """Run the graded tests of the chosen exercises on a submission.

    `starter` starts workers; None runs the submission in this process. Raises GraderFault when
    anything but the submission goes wrong, and KeyboardInterrupt as it comes.
    """
    run = Run(catalog, options, progress)
    judge = run.judge = run.new_judge(submission, starter)
    run.run_pytest(lambda: run.run_tests(judge, options.exercises))
    return run.result(judge)


@dataclass(frozen=True)
class Job:
    """One submission and the exercises to grade of it, for `grade_many`."""

    submission: Submission
    exercises: tuple[Exercise, ...]


def grade_many(
    jobs: Iterable[Job],
    catalog: Catalog,
    options: Options,
    starter: ForkServer,
    done: Callable[[Job, Result], None],
    at_once: int = cores(),
) -> None:
    """Grade many submissions, `at_once` at a time, and hand each result to `done`.

    The tests are imported and collected once. Raises GraderFault when anything but a submission
    goes wrong.
    """
    collect(catalog, options, lambda run: fork_for_each(run, jobs, starter, done, at_once=at_once))


def collect(catalog: Catalog, options: Options, then: Callable[[Run], None]) -> None:
    """Import and collect the graded tests once, and with that do what comes `then`."""

    def loop() -> None:
        _warm_up(run)
        then(run)

    run = Run(catalog, options, None)
    run.judge = run.new_judge(Submission("", {}), None)
    run.run_pytest(loop)


# --- a fork for each submission ---------------------------------------------------------------


_INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM)
"""What ends a run in order, by KeyboardInterrupt."""


@dataclass
class _Child:
    """A forked grader: what it grades, and what it has told so far."""

    job: Job
    pid: int
    said: bytearray = field(default_factory=bytearray)


def raise_fault(job: Job, said: str) -> None:
    """Give up: a job failed, and not for its submission's sake."""
    raise GraderFault(f"grading {job.submission.name} failed:\n{said}")


def fork_for_each(
    run: Run,
    jobs: Iterable[Job],
    starter: ForkServer,
    done: Callable[[Job, Result], None],
    failed: Callable[[Job, str], None] = raise_fault,
    at_once: int = 1,
) -> None:
    """Grade each job in a fork of this process, which has collected the tests.

    `done` takes the results, `failed` what is told of a job that failed for a fault of ours.
    """
    waiting = iter(jobs)
    selector = selectors.DefaultSelector()
    try:
        while True:
            while len(selector.get_map()) < at_once and (job := next(waiting, None)) is not None:
                with _interruptions_held():
                    # where several are graded at a time, all processors are busy without that
                    client = starter.client(ahead=at_once == 1)
                    pipe, child = _fork(run, job, client)
                    selector.register(pipe, selectors.EVENT_READ, child)
            if not selector.get_map():
                return
            for key, _ in selector.select():
                piece = os.read(key.fd, 1 << 16)
                key.data.said += piece
                if not piece:
                    selector.unregister(key.fd)
                    os.close(key.fd)
                    _reap(key.data, done, failed)
    finally:
        for key in selector.get_map().values():  # interrupted, or one of the others has failed
            os.kill(key.data.pid, signal.SIGKILL)
            os.waitpid(key.data.pid, 0)
            os.close(key.fd)
        selector.close()


@contextmanager
def _interruptions_held() -> Iterator[None]:
    """Ctrl-C waits for the end of this: Python loses what is raised in its hooks at a fork.

    And a client that is cut off in the making is never closed, which its server would wait for.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _INTERRUPTIONS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _warm_up(run: Run) -> None:
    """Do once what every child would do anew; keep its memory shared."""
    warm_up.layers()
    run.draw_cases()
    gc.collect()
    gc.freeze()  # else the first collection in every child copies all memory that it shares


def _fork(run: Run, job: Job, client: ForkServer) -> tuple[int, _Child]:
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _grade_in_child(run, job, client, writing)
    os.close(writing)
    client.close()
    return reading, _Child(job, pid)


def _grade_in_child(run: Run, job: Job, client: ForkServer, writing: int) -> NoReturn:
    """Grade one submission and tell the parent, whatever comes; this process ends with it."""
    code = 1
    try:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _INTERRUPTIONS)
        code, said = _graded(run, job, client)
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(said)
    finally:
        os._exit(code)


def _graded(run: Run, job: Job, client: ForkServer) -> tuple[int, bytes]:
    """The exit code, and the result as JSON or what is told of a fault."""
    try:
        judge = run.new_judge(job.submission, client)
        run.run_tests(judge, job.exercises)
        return 0, results.to_json(run.result(judge, job.exercises))
    except GraderFault as fault:
        return 1, str(fault).encode(errors="backslashreplace")
    except BaseException as error:
        return 1, f"{type(error).__name__}: {error}".encode(errors="backslashreplace")


def _reap(
    child: _Child, done: Callable[[Job, Result], None], failed: Callable[[Job, str], None]
) -> None:
    _, status = os.waitpid(child.pid, 0)
    if status == 0:
        done(child.job, results.from_json(bytes(child.said)))
    else:
        code = os.waitstatus_to_exitcode(status)
        said = child.said.decode("utf-8", errors="replace")
        failed(child.job, said or f"its grader ended with code {code} and said nothing")
