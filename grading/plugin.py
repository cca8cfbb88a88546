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
from hypothesis.errors import Flaky

from grading import catalog as catalogs
from grading import intake, outcomes
from grading.catalog import Catalog
from grading.draws import Drawn
from grading.judge import Judge
from grading.process import Starter
from grading.remote import Student
from grading.results import DEFAULT_SEED
from grading.score import GradedTest
from grading.starters import starter
from grading.transport import Across, InProcess, Transport

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
    for item in items:
        if _is_graded(item):
            _bind(item, judge)
    part = config.getoption("--part")
    if part:
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
    """Note what a phase of a graded test came to."""
    report = yield
    if _GRADED in item.stash and (call.excinfo is not None or call.when == "call"):
        error = call.excinfo.value if call.excinfo else None
        _judge(item.config).note(graded(item), report, _unwrapped(error))
        _shorten(report, error)
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


def _bind(item: pytest.Item, judge: Judge) -> None:
    exercise = judge.catalog.of_file(item.path)
    marker = item.get_closest_marker("part")
    if exercise is None or marker is None or marker.args[0] not in exercise.by_name:
        raise pytest.UsageError(f"{item.nodeid} needs a part(name) mark of its exercise's toml")
    assert isinstance(item, pytest.Function)
    title = " ".join((item.function.__doc__ or "").split())
    if not title:
        raise pytest.UsageError(f"{item.nodeid} needs a docstring: the sentence a student reads")
    visibility = item.path.parent.name
    weight = int(marker.kwargs.get("weight", 1))
    item.stash[_GRADED] = GradedTest(
        item.nodeid, exercise, marker.args[0], weight, title, visibility
    )
    drawn = drawn_cases(item)
    if drawn is not None:
        own_seed = hashlib.blake2b(f"{judge.seed}/{item.nodeid}".encode(), digest_size=8).digest()
        drawn.configure(int.from_bytes(own_seed), judge.shrink and visibility == "visible")


def _judge(config: pytest.Config) -> Judge:
    """The judge that was handed over, or one made from the options."""
    if JUDGE in config.stash:
        return config.stash[JUDGE]
    catalog = catalogs.load(config.rootpath)
    try:
        submission = intake.read(_submission_path(config, catalog), catalog)
    except intake.IntakeError as error:
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


def _shorten(report: pytest.TestReport, error: BaseException | None) -> None:
    """In a plain pytest run, a student's failure is told in the student's terms."""
    outcome = _unwrapped(error)
    if isinstance(outcome, outcomes.Outcome):
        report.longrepr = f"{outcome.status}: {outcome.detail}"
