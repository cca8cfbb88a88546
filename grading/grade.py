"""One submission → one result: run the graded tests on it, then share out the points.

`grade` does it once, in this process. `grade_many` collects the tests once and forks for every
submission, so that each starts from the same clean state and pays for its own tests alone.
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from functools import partial
from io import StringIO
from typing import Protocol

import msgspec
import pytest
import torch

from grading import diagnose, plugin, results, score
from grading.catalog import Catalog, Exercise
from grading.intake import Submission
from grading.plugin import JUDGE, Judge
from grading.process import ForkServer, Starter
from grading.results import (
    DEFAULT_SEED,
    ExerciseResult,
    Isolation,
    PartResult,
    Result,
    Status,
)
from grading.score import GradedTest, GraderFault
from grading.transport import Across, InProcess, Transport

_UNUSED = ("cacheprovider", "logging", "unraisableexception", "threadexception", "faulthandler")
"""pytest's own plugins that a graded test has no use for, and that cost time."""

_PLUGINS = ("pytest_timeout", "_hypothesis_pytestplugin", "grading.plugin")


@dataclass(frozen=True)
class Options:
    """What is asked of a grading run."""

    exercises: tuple[Exercise, ...]
    seed: int = DEFAULT_SEED
    visible_only: bool = False
    shrink: bool = True
    diagnose: bool = True


class Progress(Protocol):
    """Is told of the tests as they end."""

    def expect(self, tests: int) -> None:
        """So many tests will run."""

    def advance(self, stem: str) -> None:
        """One test of this exercise has ended."""


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
    run = _Run(catalog, options, progress)
    judge = Judge(catalog, submission, options.seed, _connection(starter), options.shrink)
    run.judge = judge
    run.run_pytest()
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
    at_once: int = os.cpu_count() or 1,
) -> None:
    """Grade many submissions, `at_once` at a time, and hand each result to `done`.

    The tests are imported and collected once. Raises GraderFault when anything but a submission
    goes wrong.
    """
    run = _Run(catalog, options, None)
    run.loop = lambda: _fork_for_each(run, jobs, starter, done, at_once)
    run.judge = Judge(catalog, Submission("", {}), options.seed, _connection(None), options.shrink)
    run.run_pytest()


# --- one run of pytest ------------------------------------------------------------------------


class _Run:
    """A run of pytest, and the plugin that ties it to a judge."""

    def __init__(self, catalog: Catalog, options: Options, progress: Progress | None) -> None:
        self.catalog = catalog
        self.options = options
        self.judge: Judge | None = None
        self.loop: Callable[[], None] | None = None
        self._progress = progress
        self._items: list[pytest.Item] = []
        self._problems: list[str] = []
        self._began = time.monotonic()

    def run_pytest(self) -> None:
        """Run pytest in this process, shut off from the user's own configuration of it."""
        home = str(self.catalog.home)
        arguments = ["-c", f"{home}/pyproject.toml", "--rootdir", home, "-q", "-s", "--no-header"]
        arguments += ["--tb=native", "--assert=plain", "-W", "ignore"]
        # each test has a seed of its own; this keeps hypothesis from reading every test's source
        arguments += [f"--hypothesis-seed={self.options.seed}"]
        for name in (*_PLUGINS, *(f"no:{name}" for name in _UNUSED)):
            arguments += ["-p", name]
        paths = [
            str(path)
            for exercise in self.options.exercises
            for path in self.catalog.tests(exercise, self.options.visible_only)
        ]
        with _own_environment(), redirect_stdout(StringIO()) as said, redirect_stderr(said):
            code = pytest.main([*arguments, *paths], plugins=[self])
        if code == pytest.ExitCode.INTERRUPTED and not self._problems:
            raise KeyboardInterrupt  # (a test file that can't be collected interrupts as well)
        if self._problems or code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            told = "\n".join(self._problems) or said.getvalue()[-4000:]
            raise GraderFault(f"pytest ended with code {int(code)}:\n{told}")

    def run_tests(self, judge: Judge, exercises: tuple[Exercise, ...]) -> None:
        """Run the collected tests of these exercises under another judge (in a fork)."""
        self._began = time.monotonic()
        self.judge = judge
        chosen = [item for item in self._items if plugin.graded(item).exercise in exercises]
        for item, following in zip(chosen, [*chosen[1:], None], strict=True):
            item.config.stash[JUDGE] = judge
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)

    def result(self, judge: Judge, exercises: tuple[Exercise, ...] = ()) -> Result:
        """What the tests came to. Raises GraderFault for a test that failed for a fault of ours."""
        judge.close()
        if judge.faults:
            raise GraderFault("\n".join(judge.faults))
        chosen = exercises or self.options.exercises
        tests = [plugin.graded(item) for item in self._items]
        return score.result(
            judge.submission,
            [self._explained(self._exercise(exercise, tests, judge), judge) for exercise in chosen],
            seed=self.options.seed,
            duration=time.monotonic() - self._began,
            isolation=_isolation(judge),
            not_checked=score.not_checked(self.catalog, chosen, self.options.visible_only),
        )

    def _exercise(
        self, exercise: Exercise, tests: list[GradedTest], judge: Judge
    ) -> ExerciseResult:
        own = [test for test in tests if test.exercise is exercise]
        return score.exercise_result(exercise, own, judge.verdicts, judge.submission)

    def _explained(self, scored: ExerciseResult, judge: Judge) -> ExerciseResult:
        """With the mistakes named that are known, in parts that were answered and are wrong."""
        wrong = [part.name for part in scored.parts if _can_be_diagnosed(part)]
        source = judge.submission.sources.get(scored.id)
        if not wrong or source is None or not self.options.diagnose:
            return scored
        exercise = self.catalog.find(scored.id)
        doctor = diagnose.Doctor(self.catalog, exercise)
        session = diagnose.new_session(exercise, source, judge.connect)
        try:
            named = {name: doctor.diagnose(name, session) for name in wrong}
        finally:
            session.close()
        parts = (msgspec.structs.replace(p, diagnosis=named.get(p.name)) for p in scored.parts)
        return msgspec.structs.replace(scored, parts=tuple(parts))

    # --- pytest's hooks -----------------------------------------------------------------------

    def pytest_configure(self, config: pytest.Config) -> None:
        """Hand the judge over."""
        assert self.judge is not None
        config.stash[JUDGE] = self.judge

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Keep the collected tests, and let the collector of garbage pass over all of this."""
        self._items = list(session.items)
        gc.freeze()
        if self._progress is not None:
            self._progress.expect(len(self._items))

    def pytest_runtestloop(self) -> bool | None:
        """Where a loop was set, it takes the place of pytest's own."""
        if self.loop is None or self._problems:
            return None
        self.loop()
        return True

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A test file that can't be collected is a fault of ours."""
        if report.failed:
            self._problems.append(report.longreprtext)

    def pytest_internalerror(self, excrepr: object) -> None:
        """An error in pytest or a plugin is a fault of ours."""
        self._problems.append(str(excrepr))

    def pytest_runtest_logfinish(self, nodeid: str) -> None:
        """One test has ended."""
        if self._progress is not None:
            stem = nodeid.rpartition("/")[2].partition(".py")[0].removeprefix("test_")
            self._progress.advance(stem)


def _connection(starter: Starter | None) -> Callable[[], Transport]:
    return InProcess if starter is None else partial(Across, starter)


def _can_be_diagnosed(part: PartResult) -> bool:
    return part.status in (Status.FAILED, Status.ERROR) and not part.mend_first


def _isolation(judge: Judge) -> Isolation:
    if judge.connect is InProcess:
        return Isolation("none: in the tests' own process, not a grade")
    return Isolation("process" if judge.measures else "not started", judge.measures)


@contextmanager
def _own_environment() -> Iterator[None]:
    """Keep the user's pytest settings and other people's plugins out while pytest runs."""
    kept = dict(os.environ)
    os.environ.pop("PYTEST_ADDOPTS", None)
    os.environ.pop("PYTEST_PLUGINS", None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


# --- a fork for each submission ---------------------------------------------------------------


@dataclass
class _Child:
    """A forked grader: what it grades, and what it has told so far."""

    job: Job
    pid: int
    told: bytearray = field(default_factory=bytearray)


def _fork_for_each(
    run: _Run,
    jobs: Iterable[Job],
    starter: ForkServer,
    done: Callable[[Job, Result], None],
    at_once: int,
) -> None:
    _warm_up()
    waiting = iter(jobs)
    selector = selectors.DefaultSelector()
    try:
        while True:
            while len(selector.get_map()) < at_once and (job := next(waiting, None)) is not None:
                pipe, child = _fork(run, job, starter)
                selector.register(pipe, selectors.EVENT_READ, child)
            if not selector.get_map():
                return
            for key, _ in selector.select():
                piece = os.read(key.fd, 1 << 16)
                key.data.told += piece
                if not piece:
                    selector.unregister(key.fd)
                    os.close(key.fd)
                    _reap(key.data, done)
    finally:
        for key in selector.get_map().values():  # interrupted, or one of the others has failed
            os.kill(key.data.pid, signal.SIGKILL)
            os.waitpid(key.data.pid, 0)
        selector.close()


def _warm_up() -> None:
    """Do once what every child would do anew; keep its memory shared."""
    leaf = torch.ones(2, requires_grad=True)
    torch.autograd.backward([leaf * 2], [torch.ones(2)])  # imports sympy
    gc.collect()
    gc.freeze()  # else the first collection in every child copies all memory that it shares


def _fork(run: _Run, job: Job, starter: ForkServer) -> tuple[int, _Child]:
    client = starter.client()
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        _grade_in_child(run, job, client, writing)
    os.close(writing)
    client.close()
    return reading, _Child(job, pid)


def _grade_in_child(run: _Run, job: Job, client: ForkServer, writing: int) -> None:
    """Grade one submission and tell the parent; never returns."""
    code = 1
    try:
        judge = Judge(run.catalog, job.submission, run.options.seed, _connection(client))
        run.run_tests(judge, job.exercises)
        told = results.to_json(run.result(judge, job.exercises))
        code = 0
    except GraderFault as fault:
        told = str(fault).encode()
    except BaseException as error:
        told = f"{type(error).__name__}: {error}".encode()
    with os.fdopen(writing, "wb") as pipe:
        pipe.write(told)
    os._exit(code)


def _reap(child: _Child, done: Callable[[Job, Result], None]) -> None:
    _, status = os.waitpid(child.pid, 0)
    if status != 0:
        told = child.told.decode("utf-8", errors="replace")
        raise GraderFault(f"grading {child.job.submission.name} failed:\n{told}")
    done(child.job, results.from_json(bytes(child.told)))
