"""One run of pytest over the graded tests, tied to a judge; and what it came to, as a result."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import partial
from io import StringIO
from typing import Protocol

import pytest

from grading.catalog import Catalog, Exercise
from grading.errors import GraderFault
from grading.handed_in.intake import Submission
from grading.judging import diagnose, plugin, score
from grading.judging.judge import Judge
from grading.judging.plugin import JUDGE
from grading.judging.score import GradedTest
from grading.judging.surroundings import own_environment, refuse_unfit
from grading.results import DEFAULT_SEED, ExerciseResult, Isolation, Result
from grading.session import isolation
from grading.session.budget import Budget
from grading.session.process import WALL_PER_CPU, Starter
from grading.session.transport import Across, InProcess

_UNUSED = (
    *("cacheprovider", "logging", "unraisableexception", "threadexception", "faulthandler"),
    *("skipping", "unittest", "setuponly", "setupplan", "subtests", "tmpdir", "warnings"),
)
"""pytest's own plugins that a graded test has no use for, and that cost time."""

OWN_SECONDS = 300.0
"""Of a test, for what is done on this side."""

PLUGINS = ("pytest_timeout", "_hypothesis_pytestplugin", "grading.judging.plugin")


@dataclass(frozen=True)
class Options:
    """What is asked of a grading run. `time_factor` stretches every deadline."""

    exercises: tuple[Exercise, ...]
    seed: int = DEFAULT_SEED
    visible_only: bool = False
    shrink: bool = True
    diagnose: bool = True
    time_factor: float = 1.0


class Progress(Protocol):
    """Is told of the tests as they end."""

    def expect(self, tests: int) -> None:
        """So many tests will run."""

    def advance(self, stem: str) -> None:
        """One test of this exercise has ended."""


class Run:
    """A run of pytest, and the plugin that ties it to a judge."""

    def __init__(self, catalog: Catalog, options: Options, progress: Progress | None) -> None:
        self.catalog = catalog
        self.options = options
        self.judge: Judge | None = None
        self._then: Callable[[], None] = lambda: None
        self._progress = progress
        self._items: list[pytest.Item] = []
        self._problems: list[str] = []
        self._interrupted = False

    def new_judge(self, submission: Submission, starter: Starter | None) -> Judge:
        """A judge of this run for a submission; None as starter runs it in this process."""
        return Judge(
            catalog=self.catalog,
            submission=submission,
            seed=self.options.seed,
            connect=InProcess if starter is None else partial(Across, starter),
            shrink=self.options.shrink,
            time_factor=self.options.time_factor,
        )

    def run_pytest(self, then: Callable[[], None]) -> None:
        """Collect the tests in this process, shut off from the user's own settings of pytest.

        `then` is what is done with them. Raises GraderFault where they can't be collected, and
        Misused where the kit lies in a folder from which pytest takes no tests.
        """
        self._then = then
        home = str(self.catalog.home)
        refuse_unfit(home)
        arguments = ["-c", f"{home}/pyproject.toml", "--rootdir", home, "-q", "-s", "--no-header"]
        arguments += ["--tb=native", "--assert=plain", "-W", "ignore"]
        # each test has a seed of its own; this keeps hypothesis from reading every test's source
        arguments += [f"--hypothesis-seed={self.options.seed}"]
        arguments += ["-o", f"timeout={_guard_seconds(self.options.time_factor)}"]
        for name in (*PLUGINS, *(f"no:{name}" for name in _UNUSED)):
            arguments += ["-p", name]
        paths = [
            str(path)
            for exercise in self.options.exercises
            for path in self.catalog.tests(exercise, self.options.visible_only)
        ]
        with own_environment(home), redirect_stdout(StringIO()) as said, redirect_stderr(said):
            code = pytest.main([*arguments, *paths], plugins=[self])
        if self._interrupted:
            raise KeyboardInterrupt
        if self._problems or code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
            words = "\n".join(self._problems) or said.getvalue()[-4000:]
            raise GraderFault(f"pytest ended with code {int(code)}:\n{words}")

    def draw_cases(self) -> None:
        """Draw the cases of all collected tests, which else each test does when it first runs."""
        for item in self._items:
            drawn = plugin.drawn_cases(item)
            if drawn is not None:
                drawn.cases()

    def run_tests(self, judge: Judge, exercises: tuple[Exercise, ...]) -> None:
        """Run the collected tests of these exercises, of the parts that they have, under a judge.

        Those of an exercise that wasn't handed in needn't be run to be missing.
        """
        asked = {(exercise.stem, part.name) for exercise in exercises for part in exercise.parts}
        chosen = [item for item in self._items if _part_of(plugin.graded(item)) in asked]
        there = [item for item in chosen if judge.submission.has(plugin.graded(item).exercise)]
        for item in chosen:
            if not judge.submission.has(plugin.graded(item).exercise):
                judge.note_missing(plugin.graded(item))
                self._advance(item)
        for item, following in zip(there, [*there[1:], None], strict=False):
            item.config.stash[JUDGE] = judge
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            self._advance(item)

    def _advance(self, item: pytest.Item) -> None:
        if self._progress is not None:
            self._progress.advance(plugin.graded(item).exercise.stem)

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
            duration=time.monotonic() - judge.began,
            isolation=_isolation(judge),
            not_checked=score.not_checked(self.catalog, chosen, self.options.visible_only),
        )

    def _exercise(
        self, exercise: Exercise, tests: list[GradedTest], judge: Judge
    ) -> ExerciseResult:
        asked = {(exercise.stem, part.name) for part in exercise.parts}
        own = [test for test in tests if _part_of(test) in asked]
        return score.exercise_result(exercise, own, judge.verdicts, judge.submission)

    def _explained(self, scored: ExerciseResult, judge: Judge) -> ExerciseResult:
        source = judge.submission.sources.get(scored.id)
        if source is None or not self.options.diagnose:
            return scored
        exercise = self.catalog.find(scored.id)
        session = diagnose.new_session(exercise, source, judge.connect, self.options.time_factor)
        try:
            return diagnose.explained(scored, self.catalog, session)
        finally:
            session.close()

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
        """Ours takes the place of pytest's own, which is left to say what it couldn't collect."""
        if self._problems:
            return None
        self._then()
        return True

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Ctrl-C: pytest ends in order, and so do we.

        pytest tells of broken test files here too: `Session.Interrupted` is a KeyboardInterrupt.
        """
        cut_off = isinstance(excinfo.value, KeyboardInterrupt)
        self._interrupted = cut_off and not isinstance(excinfo.value, pytest.Session.Interrupted)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """A test file that can't be collected is a fault of ours."""
        if report.failed:
            self._problems.append(report.longreprtext)

    def pytest_internalerror(self, excrepr: object) -> None:
        """An error in pytest or a plugin is a fault of ours."""
        self._problems.append(str(excrepr))


def _guard_seconds(time_factor: float) -> float:
    """What pytest-timeout gives a test: more than the deadlines let any submission take."""
    return OWN_SECONDS + WALL_PER_CPU * Budget.of(time_factor).part


def _part_of(test: GradedTest) -> tuple[str, str]:
    """The exercise and the part that it tests: a job may ask for some parts alone."""
    return test.exercise.stem, test.part


def _isolation(judge: Judge) -> Isolation:
    if judge.connect is InProcess:
        return Isolation(isolation.IN_PROCESS)
    return Isolation(isolation.level_of(judge.measures), judge.measures)
