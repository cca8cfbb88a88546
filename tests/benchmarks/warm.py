"""The graded tests run in one warm process: nothing is started, forked, shut in or written.

This is what grading a submission costs at the least, with the same tests and the same torch.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import time
from collections.abc import Callable, Iterator
from multiprocessing.connection import Connection

from grading.handed_in.intake import read
from grading.judging.grade import Options, collect
from grading.judging.run import Run
from tests.benchmarks.classes import CATALOG

RunOnce = Callable[[], tuple[float, float]]
"""Runs the tests once, on the solutions: wall seconds, and CPU seconds."""


@contextlib.contextmanager
def warm(only: str = "") -> Iterator[RunOnce]:
    """A process that has collected the tests of exercises and has run them once."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=_serve, args=(theirs, only))
    process.start()
    theirs.close()

    def run() -> tuple[float, float]:
        ours.send(True)
        seconds, cpu = ours.recv()
        return seconds, cpu

    try:
        run()
        yield run
    finally:
        ours.close()
        process.join()


def _serve(client: Connection, only: str) -> None:
    exercises = CATALOG.select([name for name in only.split(",") if name])
    collect(CATALOG, Options(exercises), lambda run: _answer(client, run))


def _answer(client: Connection, run: Run) -> None:
    """Run the tests whenever the client asks, until it hangs up."""
    submission = read(CATALOG.home / "solutions", CATALOG)
    with contextlib.suppress(EOFError):
        while client.recv():
            began, before = time.perf_counter(), time.process_time()
            judge = run.new_judge(submission, None)
            run.run_tests(judge, run.options.exercises)
            client.send((time.perf_counter() - began, time.process_time() - before))
