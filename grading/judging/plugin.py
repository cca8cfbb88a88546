"""The pytest plugin: gives graded tests their `student`, and tells the judge what they came to.

Whoever runs the tests hands over a `Judge` in the config's stash; a plain `python -m pytest` makes
its own from the options, so that an editor's test runner works.

(For pytest: PYTEST_DONT_REWRITE, there is no assert in here to be explained.)
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Generator
from functools import partial
from pathlib import Path

import pytest
import torch
from hypothesis.errors import Flaky, InvalidArgument

from grading import catalog as catalogs
from grading.catalog import Catalog
from grading.errors import Misused
from grading.handed_in import intake
from grading.judging.judge import Judge
from grading.judging.score import GradedTest
from grading.results import DEFAULT_SEED, Visibility
from grading.session import outcomes
from grading.session.process import Starter
from grading.session.remote import Student
from grading.session.starters import starter
from grading.session.transport import Across, InProcess, Transport
from grading.testing.draws import SIZES, Drawn

JUDGE = pytest.StashKey[Judge]()
_GRADED = pytest.StashKey[GradedTest]()
_STARTER = pytest.StashKey[Starter]()


# --- pytest's hooks ---------------------------------------------------------------------------


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of a plain pytest run."""
    group = parser.getgroup("graded tests")
    group.addoption("--submission", metavar="PATH", help="folder or file to judge")
    group.addoption("--part", metavar="NAME", help="run the graded tests of this part alone")
    group.addoption("--seed", type=int, default=DEFAULT_SEED, help="seed of the drawn cases")
    group.addoption(
        "--in-process",
        action="store_true",
        help="run the submission in the tests' own process (for debugging: not a grade)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """One thread: more are no quicker on so small tensors."""
    torch.set_num_threads(1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Bind each graded test to its exercise and part; set its seed and its phases."""
    if not any(_is_graded(item) for item in items):
        return
    judge = _judge(config)
    refused = [why for item in items if _is_graded(item) if (why := _bind(item, judge))]
    if refused:
        raise pytest.UsageError(*refused)
    part = config.getoption("--part")
    if part:
        known = {graded(item).part for item in items if _GRADED in item.stash}
        if part not in known:
            raise pytest.UsageError(f"--part {part!r} is none of: {', '.join(sorted(known))}")
        items[:] = [item for item in items if _GRADED in item.stash and graded(item).part == part]


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Student:
    """The submission's functions and classes, called across the line."""
    test = graded(request.node)
    session = _judge(request.config).begin(test.exercise, test.id, test.part)
    return Student(session)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note what a phase of a graded test came to; a student's failure is told in its own words."""
    if _GRADED not in item.stash:
        return (yield)
    raised = call.excinfo
    error = _unwrapped(raised.value) if raised else None
    outcome = error if isinstance(error, outcomes.Outcome) else None
    if outcome:
        call.excinfo = None  # else pytest sets a trace, line by line, that nobody reads
    report = yield
    if outcome:
        call.excinfo = raised
        report.outcome, report.longrepr = "failed", f"{outcome.status}: {outcome.detail}"
    if raised is not None or call.when == "call":
        verdict = _judge(item.config).note(graded(item), report, error)
        if verdict is not None and verdict.stdout:
            report.sections.append(("Printed by the submission", verdict.stdout))
    return report


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what a plain run started."""
    if JUDGE in config.stash:
        config.stash[JUDGE].close()
    if _STARTER in config.stash:
        config.stash[_STARTER].close()


# --- graded tests -----------------------------------------------------------------------------


def graded(item: pytest.Item) -> GradedTest:
    """What a collected graded test belongs to."""
    return item.stash[_GRADED]


def drawn_cases(item: pytest.Item) -> Drawn | None:
    """The drawn cases of a test; None for one that has none."""
    return getattr(getattr(item, "function", None), "drawn", None)


def _is_graded(item: pytest.Item) -> bool:
    return item.path.parent.name in ("visible", "hidden") and item.path.name.startswith("test_ex")


def _bind(item: pytest.Item, judge: Judge) -> str:
    """Note what a graded test belongs to; what it needs where that can't be, or nothing."""
    exercise = judge.catalog.of_file(item.path)
    if exercise is None:
        stem = item.path.stem.removeprefix("test_")
        return f"{item.nodeid} needs an exercise: there is no tests/visible/{stem}.toml"
    part, weight = _marked(item)
    if part not in exercise.by_name:
        known = ", ".join(exercise.by_name)
        return f"{item.nodeid} needs @pytest.mark.part(…) with one of: {known}"
    if type(weight) is not int or weight < 1:
        return f"{item.nodeid} needs a weight that is a whole number from 1 on"
    assert isinstance(item, pytest.Function)
    title = " ".join((item.function.__doc__ or "").split())
    if not title:
        return f"{item.nodeid} needs a docstring: the sentence a student reads"
    visibility = Visibility(item.path.parent.name)
    item.stash[_GRADED] = GradedTest(item.nodeid, exercise, part, weight, title, visibility)
    return _prepare_cases(item, judge.seed, judge.shrink and visibility is Visibility.VISIBLE)


def _marked(item: pytest.Item) -> tuple[str, object]:
    """The part and the weight in a test's mark; no part where there is none to be read."""
    marker = item.get_closest_marker("part")
    given = marker.args if marker else ()
    part = given[0] if len(given) == 1 and isinstance(given[0], str) else ""
    return part, marker.kwargs.get("weight", 1) if marker else 1


def _prepare_cases(item: pytest.Item, seed: int, shrink: bool) -> str:
    """Tell a test's cases their seed; what is to be mended where none can be drawn, or nothing."""
    drawn = drawn_cases(item)
    if drawn is None:
        return ""
    try:
        drawn.strategy.validate()
    except InvalidArgument:
        low, high = SIZES
        most = f"at most {high - low + 1} names, and ranges from low to high"
        return f"{item.nodeid} needs @cases that can be drawn: {most}"
    own_seed = hashlib.blake2b(f"{seed}/{item.nodeid}".encode(), digest_size=8).digest()
    drawn.configure(int.from_bytes(own_seed), shrink)
    return ""


def _judge(config: pytest.Config) -> Judge:
    """The judge that was handed over, or one made from the options."""
    if JUDGE in config.stash:
        return config.stash[JUDGE]
    try:
        catalog = catalogs.load(config.rootpath)
        submission = intake.read(_submission_path(config, catalog), catalog)
    except Misused as error:
        raise pytest.UsageError(str(error)) from None
    judge = Judge(catalog, submission, config.getoption("--seed"), _connect(config))
    config.stash[JUDGE] = judge
    return judge


def _submission_path(config: pytest.Config, catalog: Catalog) -> Path:
    given = config.getoption("--submission")
    if given:
        return Path(given)
    solutions = catalog.home / "solutions"
    return solutions if solutions.exists() else catalog.home / "exercises"


def _connect(config: pytest.Config) -> Callable[[], Transport]:
    if config.getoption("--in-process"):
        return InProcess
    config.stash[_STARTER] = starter()
    return partial(Across, config.stash[_STARTER])


# --- outcomes ---------------------------------------------------------------------------------


def _unwrapped(error: BaseException | None) -> BaseException | None:
    """The student's outcome inside what hypothesis makes of answers that change from run to run."""
    while isinstance(error, BaseExceptionGroup) and error.exceptions:
        error = error.exceptions[0]
    if isinstance(error, Flaky):
        return outcomes.WrongError("the same call gives different answers from run to run")
    return error
