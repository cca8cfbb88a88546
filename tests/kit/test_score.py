"""Proves that verdicts become points that add up, and that hidden tests tell a kind, no more."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grading.catalog import Catalog, Exercise, Part
from grading.errors import GraderFault
from grading.handed_in.intake import Submission
from grading.judging import score
from grading.judging.score import GradedTest, Verdict
from grading.results import ExerciseResult, Isolation, Status, TestResult, Visibility

PROPERTY = settings(max_examples=30, deadline=None)

HINTS = ("a", "b", "c")
STEP, UNROLL, TRAIN = (
    Part("step", 5, HINTS),
    Part("unroll", 3, HINTS, uses=("step",)),
    Part("train", 2, HINTS, uses=("step", "unroll")),
)
EXERCISE = Exercise("ex01_a", "A title", (STEP, UNROLL, TRAIN))
SOURCE = """
def step(x):
    return x

def unroll(x):
    return step(x)

def train(x):
    return unroll(step(x))
"""
HANDED_IN = Submission("ada", {EXERCISE.stem: SOURCE})
PASSED = Verdict(Status.PASSED)
WRONG = Verdict(Status.FAILED, "wrong values", "is 3.5, expected 4.5", "printed 3.5", 0.25)


def graded(
    part: str, number: int = 1, weight: int = 1, visibility: Visibility = Visibility.VISIBLE
) -> GradedTest:
    """A graded test of a part."""
    test_id = f"tests/{visibility}/test_ex01_a.py::test_{part}_{number}"
    return GradedTest(test_id, EXERCISE, part, weight, "Rows do not meet.", visibility)


ONE_EACH = [graded(part.name) for part in EXERCISE.parts]


def scored(tests: list[GradedTest], *verdicts: Verdict) -> ExerciseResult:
    """The exercise's result where each test ended so; those for whom none is left have passed."""
    ends = dict(zip((test.id for test in tests), verdicts, strict=False))
    ended = {test.id: ends.get(test.id, PASSED) for test in tests}
    return score.exercise_result(EXERCISE, tests, ended, HANDED_IN)


def only(result: ExerciseResult, part: str) -> list[TestResult]:
    """The results of one part's tests."""
    return [test for test in result.tests if test.part == part]


# --- points -----------------------------------------------------------------------------------

WEIGHTS = st.lists(st.integers(1, 9), min_size=1, max_size=7)
ENDS = st.sampled_from([Verdict(status) for status in Status])


@PROPERTY
@given(st.tuples(WEIGHTS, WEIGHTS, WEIGHTS), st.lists(ENDS, max_size=21))
def test_points_add_up(weights: tuple[list[int], ...], ends: list[Verdict]) -> None:
    """Tests' points make the part's, parts' scores the exercise's, however the tests ended."""
    tests = [
        graded(part.name, number, weight)
        for part, own in zip(EXERCISE.parts, weights, strict=True)
        for number, weight in enumerate(own)
    ]
    result = scored(tests, *ends)
    for part in result.parts:
        own = only(result, part.name)
        assert round(sum(test.points for test in own) * 100) == round(part.max_score * 100)
        assert round(sum(test.earned for test in own) * 100) == round(part.score * 100)
    assert round(sum(part.score for part in result.parts) * 100) == round(result.score * 100)
    assert result.max_score == 10.0


@PROPERTY
@given(st.lists(ENDS, min_size=3, max_size=3))
def test_test_earns_all_or_nothing(ends: list[Verdict]) -> None:
    """A test that passed earns its points, and one that ended in any other way earns none."""
    for test in scored(ONE_EACH, *ends).tests:
        assert test.earned == (test.points if test.status is Status.PASSED else 0.0)


def test_full_marks_are_exactly_full() -> None:
    """An exercise whose tests all passed has its 10 points, without a rounding error."""
    tests = [graded(part.name, n) for part in EXERCISE.parts for n in range(7)]
    result = scored(tests)
    assert (result.score, result.status) == (10.0, Status.PASSED)
    assert all(part.score == part.max_score for part in result.parts)


def test_heavier_test_is_worth_more() -> None:
    """A test of weight 2 is worth twice a test of weight 1 of its part."""
    tests = [graded("step", 1, 1), graded("step", 2, 4), *ONE_EACH[1:]]
    light, heavy = only(scored(tests), "step")
    assert (light.points, heavy.points) == (1.0, 4.0)


def test_parts_and_tests_come_in_the_order_of_the_exercise() -> None:
    """Whatever order the tests ran in, they are listed part by part."""
    result = scored(list(reversed(ONE_EACH)))
    assert [part.name for part in result.parts] == ["step", "unroll", "train"]
    assert [test.part for test in result.tests] == ["step", "unroll", "train"]


@PROPERTY
@given(st.lists(ENDS, min_size=3, max_size=3))
def test_status_goes_up_from_the_tests(ends: list[Verdict]) -> None:
    """A part with one test has that test's status, and the exercise passed if all parts did."""
    result = scored(ONE_EACH, *ends)
    assert [part.status for part in result.parts] == [verdict.status for verdict in ends]
    passed = all(verdict.status is Status.PASSED for verdict in ends)
    assert (result.status is Status.PASSED) == passed


# --- lost tests -------------------------------------------------------------------------------


@pytest.mark.parametrize("lost", range(3))
def test_lost_test_is_our_fault(lost: int) -> None:
    """A test without a verdict isn't taken for a failed one: the grader says that it failed."""
    verdicts = {test.id: PASSED for test in ONE_EACH if test is not ONE_EACH[lost]}
    with pytest.raises(GraderFault, match=f"missing: .*test_{ONE_EACH[lost].part}_1"):
        score.exercise_result(EXERCISE, ONE_EACH, verdicts, HANDED_IN)


def test_part_without_tests_is_our_fault() -> None:
    """A part for which no test was collected earns neither full marks nor none."""
    with pytest.raises(GraderFault, match="no test was collected for train"):
        scored(ONE_EACH[:2])


def test_no_tests_at_all_are_our_fault() -> None:
    """An exercise without a single test is no full marks."""
    with pytest.raises(GraderFault):
        scored([])


# --- hidden and visible -----------------------------------------------------------------------


def both(verdict: Verdict) -> tuple[TestResult, TestResult]:
    """How a visible and a hidden test tell the same verdict."""
    tests = [graded("step"), graded("step", visibility=Visibility.HIDDEN), *ONE_EACH[1:]]
    visible, hidden = only(scored(tests, verdict, verdict), "step")
    return visible, hidden


def test_visible_test_tells_all() -> None:
    """A visible test shows what was seen and what was printed."""
    visible, _ = both(WRONG)
    assert (visible.message, visible.stdout) == (WRONG.detail, WRONG.stdout)


@pytest.mark.parametrize("status", Status)
def test_hidden_test_tells_the_kind_only(status: Status) -> None:
    """A hidden test shows the kind of failure, neither numbers nor anything printed."""
    _, hidden = both(replace(WRONG, status=status))
    assert (hidden.message, hidden.stdout) == (WRONG.kind, "")
    assert (hidden.visibility, hidden.status, hidden.duration) == (Visibility.HIDDEN, status, 0.25)


@pytest.mark.parametrize("status", [status for status in Status if status is not Status.PASSED])
def test_failing_test_names_the_next_hint(status: Status) -> None:
    """A test that didn't pass, hidden or not, says how to get a hint for its part."""
    for test in both(Verdict(status)):
        assert test.hint == "python grader.py hint ex01 step"


def test_passing_test_needs_no_hint() -> None:
    """A test that passed offers none."""
    assert [test.hint for test in both(PASSED)] == ["", ""]


# --- by hand ----------------------------------------------------------------------------------

TOOL = Verdict(Status.FAILED, "is to be written by hand", "line 4 uses", not_by_hand=True)


@pytest.mark.parametrize("place", range(3))
def test_tool_in_one_test_zeroes_the_part(place: int) -> None:
    """A part that was to be written by hand, and wasn't, earns nothing, whatever else passed."""
    tests = [*(graded("step", n) for n in range(3)), *ONE_EACH[1:]]
    ends = [PASSED] * 3
    ends[place] = TOOL
    result = scored(tests, *ends)
    assert result.parts[0].score == 0.0
    assert [test.earned for test in only(result, "step")] == [0.0] * 3
    assert {test.message for test in only(result, "step")} == {TOOL.detail}


def test_tool_in_one_part_leaves_the_others_alone() -> None:
    """Other parts of the exercise keep what they earned."""
    result = scored(ONE_EACH, TOOL)
    assert [part.score for part in result.parts] == [0.0, 3.0, 2.0]


def test_tool_seen_by_a_visible_test_stays_out_of_hidden_words() -> None:
    """Hidden tests of such a part say the kind only, and nothing that was printed."""
    tests = [graded("step"), graded("step", visibility=Visibility.HIDDEN), *ONE_EACH[1:]]
    printing = Verdict(Status.PASSED, stdout="printed 3.5", duration=0.5)
    _, hidden = only(scored(tests, TOOL, printing), "step")
    assert (hidden.message, hidden.stdout, hidden.duration) == (TOOL.kind, "", 0.5)


def test_every_test_keeps_what_was_printed_in_it() -> None:
    """In such a part, each visible test shows its own output."""
    tests = [graded("step", 1), graded("step", 2), *ONE_EACH[1:]]
    ends = [replace(TOOL, stdout="one"), Verdict(Status.PASSED, stdout="two")]
    assert [test.stdout for test in only(scored(tests, *ends), "step")] == ["one", "two"]


# --- what to mend first -----------------------------------------------------------------------

FIRST = {
    "nothing fails": ([PASSED, PASSED, PASSED], ["", "", ""]),
    "the first fails": ([WRONG, PASSED, PASSED], ["", "", ""]),
    "the last fails": ([PASSED, PASSED, WRONG], ["", "", ""]),
    "one that builds on a failing one": ([WRONG, WRONG, PASSED], ["", "step", ""]),
    "two that build on a failing one": ([WRONG, WRONG, WRONG], ["", "step", "step"]),
    "the middle fails": ([PASSED, WRONG, WRONG], ["", "", "unroll"]),
    "one not begun": ([Verdict(Status.NOT_STARTED), WRONG, PASSED], ["", "step", ""]),
}


@pytest.mark.parametrize(("ends", "first"), FIRST.values(), ids=FIRST.keys())
def test_failing_part_names_what_to_mend_first(ends: list[Verdict], first: list[str]) -> None:
    """A part that fails names the first failing part that it builds on, and no part besides."""
    assert [part.mend_first for part in scored(ONE_EACH, *ends).parts] == first


def test_part_that_goes_its_own_way_has_nothing_to_mend_first() -> None:
    """A failing part whose code never comes to the failing one above it fails by itself."""
    alone = Submission("ada", {EXERCISE.stem: SOURCE.replace("return step(x)", "return x")})
    verdicts = {test.id: WRONG for test in ONE_EACH}
    result = score.exercise_result(EXERCISE, ONE_EACH, verdicts, alone)
    assert [part.mend_first for part in result.parts] == ["", "", "step"]


def test_source_that_no_worker_could_load_is_not_read() -> None:
    """What a worker can't load may take long to be parsed, too: nothing is to be mended first."""
    slow = replace(WRONG, status=Status.TIMEOUT, unloaded=True)
    assert [part.mend_first for part in scored(ONE_EACH, slow, slow, slow).parts] == ["", "", ""]


# --- the whole --------------------------------------------------------------------------------


def test_missing_file_is_told_once() -> None:
    """An exercise whose file could not be taken says why; one that could says nothing."""
    verdicts = {test.id: Verdict(Status.MISSING) for test in ONE_EACH}
    absent = Submission("ada", {}, {EXERCISE.stem: "is a link"})
    result = score.exercise_result(EXERCISE, ONE_EACH, verdicts, absent)
    assert (result.problem, result.status, result.score) == ("is a link", Status.MISSING, 0.0)
    assert scored(ONE_EACH).problem == ""


def test_file_that_can_not_be_loaded_is_told_once() -> None:
    """The exercise says why; where only some tests met a file that didn't load, they say so."""
    unloaded = Verdict(Status.ERROR, "can't be loaded", "line 7 can't be loaded", unloaded=True)
    assert scored(ONE_EACH, *[unloaded] * 3).problem == "line 7 can't be loaded"
    assert scored(ONE_EACH, unloaded, unloaded, PASSED).problem == ""


def test_whole_is_the_sum_of_its_exercises() -> None:
    """A submission's score and maximum are those of its exercises together."""
    full, half = scored(ONE_EACH), scored(ONE_EACH, WRONG)
    whole = score.result(
        HANDED_IN,
        [full, half],
        seed=7,
        duration=1.5,
        isolation=Isolation("process"),
        not_checked=["ex03_c"],
    )
    assert (whole.submission, whole.score, whole.max_score) == ("ada", 15.0, 20.0)
    assert (whole.seed, whole.duration, whole.not_checked) == (7, 1.5, ("ex03_c",))
    assert whole.exercises == (full, half)
    assert whole.kit_version


@pytest.fixture
def catalog(tmp_path: Path) -> Catalog:
    """A kit of two exercises with hidden tests."""
    (tmp_path / "tests" / "hidden").mkdir(parents=True)
    (tmp_path / "tests" / "hidden" / "test_ex01_a.py").touch()
    return Catalog(tmp_path, (EXERCISE, replace(EXERCISE, stem="ex02_b")))


def test_what_was_left_out_is_listed(catalog: Catalog) -> None:
    """Exercises that weren't asked for are listed; where all was checked, nothing is."""
    assert score.not_checked(catalog, [EXERCISE], False) == ["ex02_b"]
    assert score.not_checked(catalog, catalog.exercises, False) == []


def test_hidden_tests_that_did_not_run_are_listed(catalog: Catalog) -> None:
    """A run of the visible tests alone says so, be it asked for or for lack of hidden ones."""
    (asked,) = score.not_checked(catalog, catalog.exercises, True)
    assert asked == "hidden tests (--visible-only)"
    (catalog.home / "tests" / "hidden" / "test_ex01_a.py").unlink()
    (lacking,) = score.not_checked(catalog, catalog.exercises, False)
    assert lacking == "hidden tests (not in this copy of the kit)"
