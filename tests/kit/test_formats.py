"""Gradescope, JUnit, GitHub: each as its reader takes it, a stranger's text as text alone."""

from __future__ import annotations

import base64
import io
import json
import re
import unittest
from typing import Any

import junitparser
import pytest
from gradescope_utils.autograder_utils.decorators import number, visibility, weight
from gradescope_utils.autograder_utils.json_test_runner import JSONTestRunner
from markdown_it import MarkdownIt

from grading.report import github, gradescope, junit
from grading.results import Override, Result, Status
from tests.kit import results_by_hand as by_hand
from tests.kit.results_by_hand import exercise, graded_test, half_right, hidden, hostile, result
from tests.kit.tags import Tags

FORMATS = [gradescope.render, junit.render, github.summary]
BROKEN = [Status.MISSING, Status.ERROR, Status.TIMEOUT, Status.CRASHED, Status.VIOLATION]

# --- Gradescope -------------------------------------------------------------------------------

FORMS = {"text", "html", "simple_format", "md", "ansi"}
VISIBILITIES = {"hidden", "after_due_date", "after_published", "visible"}


def handed_in(graded: Result) -> dict[str, Any]:
    """Our results.json, parsed."""
    told: dict[str, Any] = json.loads(gradescope.render(graded))
    return told


def by_gradescope_utils() -> dict[str, Any]:
    """The results.json that Gradescope's own runner writes of a failing test."""

    class Failing(unittest.TestCase):
        @weight(2.5)
        @number("1.1.2")
        @visibility("after_due_date")
        def test_fails(self) -> None:
            self.fail("wrong")

    stream = io.StringIO()
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Failing)
    JSONTestRunner(stream=stream, visibility="visible", stdout_visibility="hidden").run(suite)
    told: dict[str, Any] = json.loads(stream.getvalue())
    return told


def test_gradescope_has_every_field_that_its_own_runner_writes() -> None:
    """Top and tests have the fields of gradescope-utils, with values of the same types."""
    theirs, ours = by_gradescope_utils(), handed_in(half_right())
    del theirs["leaderboard"]
    assert set(theirs) <= set(ours)
    for key, value in theirs["tests"][0].items():
        assert type(ours["tests"][1][key]) is type(value), key


@pytest.mark.parametrize("graded", [half_right(), hostile()], ids=["half right", "hostile"])
def test_gradescope_uses_only_words_that_it_knows(graded: Result) -> None:
    """Formats, visibilities and statuses are those of the specification."""
    told = handed_in(graded)
    assert told["output_format"] in FORMS
    assert {told["visibility"], told["stdout_visibility"]} <= VISIBILITIES
    for test in told["tests"]:
        assert test["output_format"] in FORMS
        assert test["visibility"] in VISIBILITIES
        assert test["status"] in ("passed", "failed")
        assert 0 <= test["score"] <= test["max_score"] or "override" in test["tags"]


def test_gradescope_tests_add_up_to_the_score() -> None:
    """Entries add up to the score, also where points were set by hand."""
    for graded in (half_right(), by_hand.overridden()):
        told = handed_in(graded)
        assert sum(test["score"] for test in told["tests"]) == told["score"] == graded.score


def test_gradescope_override_that_takes_points_is_worth_none() -> None:
    """Points taken by hand count below zero, while no entry's full marks do."""
    override = Override(1.0, 2.5, "copied from the board")
    told = handed_in(result(exercise(graded_test(), override=override)))
    (entry,) = (test for test in told["tests"] if "override" in test["tags"])
    assert (entry["score"], entry["max_score"], entry["status"]) == (-1.5, 0.0, "failed")


def test_gradescope_hides_hidden_tests_until_the_due_date() -> None:
    """No word about a hidden test, and no sum that it has a share in, is visible before."""
    told = handed_in(result(exercise(graded_test(), hidden())))
    at_once = [test for test in told["tests"] if test["visibility"] == "visible"]
    assert "secret" not in json.dumps([at_once, told["output"]])
    assert told["output"].startswith("1 of 1 visible test passed.")
    assert [t["visibility"] for t in told["tests"] if "secret" in t["name"]] == ["after_due_date"]


def test_gradescope_numbers_tests_by_exercise_and_part() -> None:
    """A test's number is that of the exercise, whatever else was graded, part and place."""
    told = handed_in(result(exercise(graded_test(), graded_test(), id="ex07_char_rnn")))
    assert [test["number"] for test in told["tests"]] == ["7.1.1", "7.1.2"]


def test_gradescope_tells_what_a_failing_part_looks_like() -> None:
    """Message, diagnosis, output and hint stand with a part's first visible failure."""
    failing = graded_test(Status.FAILED, stdout="I was here")
    graded = half_right().exercises[0]
    told = handed_in(result(exercise(failing, hidden(), diagnosis=graded.parts[0].diagnosis)))
    said = told["tests"][0]["output"]
    for words in ("wrong values", "Your bias is not added.", "I was here", "hint ex01 rnn_step"):
        assert words in said
    assert "Your bias" not in told["tests"][1]["output"]


def test_gradescope_names_what_to_mend_first() -> None:
    """Where another part may be the cause, that is told with the first failure, and only there."""
    failing = [graded_test(Status.FAILED, hint="") for _ in range(2)]
    told = handed_in(result(exercise(*failing, mend_first="rnn_forward")))
    first, second = (test["output"] for test in told["tests"])
    assert first == f"{second}\n\nrnn_forward isn't right yet and may be the cause."


# --- JUnit ------------------------------------------------------------------------------------


def suites(graded: Result) -> junitparser.JUnitXml:
    """Our XML, as junitparser reads it."""
    return junitparser.JUnitXml.fromstring(junit.render(graded))


def test_junit_counts_what_it_lists() -> None:
    """A suite an exercise, whose counts and time are those that junitparser finds itself."""
    graded = result(
        exercise(graded_test(), graded_test(Status.FAILED), graded_test(Status.CRASHED)),
        exercise(graded_test(), id="ex02_torch_rnn"),
    )
    for suite, its in zip(suites(graded), graded.exercises, strict=True):
        told = (suite.tests, suite.failures, suite.errors, suite.skipped, suite.time)
        suite.update_statistics()
        assert told == (suite.tests, suite.failures, suite.errors, suite.skipped, suite.time)
        assert (suite.name, suite.tests) == (its.id, len(its.tests))


@pytest.mark.parametrize("status", Status)
def test_junit_tells_wrong_answers_from_broken_runs(status: Status) -> None:
    """A wrong answer or a stub is a failure, a broken run an error, and nothing is skipped."""
    (suite,) = suites(result(exercise(graded_test(status))))
    (case,) = suite
    kinds = [type(outcome) for outcome in case.result]
    expected = junitparser.Error if status in BROKEN else junitparser.Failure
    assert kinds == ([] if status is Status.PASSED else [expected])


def test_junit_names_tests_as_pytest_does() -> None:
    """Class name and name are those by which pytest's own XML knows a test."""
    (suite,) = suites(result(exercise(graded_test())))
    (case,) = suite
    assert (case.classname, case.name) == ("tests.visible.test_ex01_recurrence", "test_bias")


def test_junit_attribute_holds_the_beginning_of_a_long_line() -> None:
    """Of what was seen the attribute has so much of the first line, and the element all of it."""
    seen = "x" * (junit.FIRST_LINE + 1)
    (suite,) = suites(result(exercise(graded_test(Status.FAILED, message=f"{seen}\nmore"))))
    (case,) = suite
    (failure,) = case.result
    assert failure.message == f"failed: {seen[:-1]}"
    assert f"{seen}\nmore" in failure.text


def test_junit_carries_points_and_overrides() -> None:
    """A suite's properties tell its points, isolation, and what was set by hand."""
    (suite,) = suites(by_hand.overridden())
    told = {prop.name: prop.value for prop in suite.properties()}
    assert (told["score"], told["max_score"], told["isolation"]) == ("6", "7.5", "process")
    assert "from 2.5 to 6 points: right idea" in told["override.rnn_step"]


# --- GitHub -----------------------------------------------------------------------------------


def shown(graded: Result) -> Tags:
    """The summary as a reader of GitHub's Markdown shows it, links recognised."""
    reader = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return Tags(reader.render(github.summary(graded).decode()))


def test_hostile_texts_add_no_markup_to_a_summary() -> None:
    """A summary has the very tags that it has with harmless texts, and shows what was said."""
    page = shown(hostile())
    assert page.tags == shown(by_hand.harmless(hostile())).tags
    assert "<script>bad()</script>" in page.words
    assert "::error::forged" in page.words


def test_summary_tells_what_an_instructor_asks_first() -> None:
    """Points, each exercise's status, what was not checked, and what was set by hand."""
    graded = by_hand.half_right(not_checked=("ex02_torch_rnn",))
    words = shown(graded).words
    for said in ("ada: 2.5 of 7.5 points", "✗ not right yet", "Not checked: ex02.", "Your bias"):
        assert said in words
    assert "set by hand from 2.5 to 6 points: right idea" in shown(by_hand.overridden()).words


def test_summary_names_what_to_mend_first() -> None:
    """Where another part may be the cause, a summary says which."""
    words = shown(result(exercise(graded_test(Status.FAILED), mend_first="rnn_forward"))).words
    assert "rnn_forward isn't right yet and may be the cause." in words


@pytest.mark.parametrize("sign", ["x", "<", '"', "\x00", "€", "\U0010ffff", "\n", "&"])
def test_summary_fits_whatever_was_printed(sign: str) -> None:
    """However much a submission prints, and whatever, GitHub takes the summary."""
    flood = sign * 20_000
    tests = [graded_test(Status.FAILED, message=flood, stdout=flood) for _ in range(30)]
    graded = result(*[exercise(*tests, problem=flood) for _ in range(20)], submission=flood)
    assert len(github.summary(graded)) <= github.MAX_SUMMARY < 1024 * 1024


def test_summary_counts_its_notes_and_its_table_too() -> None:
    """What stands before the parts takes of the same room: many notes leave less for parts."""
    test = graded_test(Status.FAILED, message="<" * 2000)
    size = len(github.summary(result(exercise(test, problem="`" * 300))))
    count = github.MAX_SUMMARY // size + 5  # a little too much, to which the notes add their share
    graded = result(*[exercise(test, problem="`" * 300) for _ in range(count)])
    assert len(github.summary(graded)) <= github.MAX_SUMMARY


def test_full_summary_says_so() -> None:
    """Where parts are left out, their number is told."""
    tests = [graded_test(Status.FAILED, message="<" * 9000)] * 30
    words = shown(result(*[exercise(*tests) for _ in range(20)])).words
    left_out = re.search(r"(\d+) more parts are not right; this summary is full", words)
    assert left_out is not None
    assert int(left_out[1]) + words.count("A hint:") == 20


def decoded(graded: Result) -> dict[str, Any]:
    """Classroom's result, decoded as its reporter does."""
    name, _, value = github.classroom(graded).decode().partition("=")
    assert (name, value[-1]) == ("result", "\n")
    told: dict[str, Any] = json.loads(base64.b64decode(value[:-1], validate=True))
    return told


TYPES = {
    "name": str,
    "status": str,
    "message": str,
    "test_code": str,
    "filename": str,
    "line_no": int,
    "duration": int,
    "score": float,
}
"""The fields of a test as autograding-command-grader writes them, and autograding-grading-reporter
reads them."""


@pytest.mark.parametrize("graded", [half_right(), hostile(), by_hand.overridden()])
def test_classroom_result_has_the_fields_that_its_reporter_reads(graded: Result) -> None:
    """Version 1, a status, full marks, and tests whose scores add up to the points."""
    told = decoded(graded)
    assert (told["version"], told["max_score"]) == (1, graded.max_score)
    for test in told["tests"]:
        assert {key: type(value) for key, value in test.items()} == TYPES
        assert test["status"] in ("pass", "fail", "error")
    assert round(sum(test["score"] for test in told["tests"]), 9) == graded.score


@pytest.mark.parametrize("status", Status)
def test_classroom_status_is_that_of_the_worst_test(status: Status) -> None:
    """All right is a pass, a broken run an error, anything else a fail."""
    told = decoded(result(exercise(graded_test(), graded_test(status))))
    expected = "pass" if status is Status.PASSED else "error" if status in BROKEN else "fail"
    assert told["status"] == told["tests"][1]["status"] == expected


def test_classroom_texts_give_the_runner_no_command() -> None:
    """No line that the reporter may print begins as a command to GitHub's runner."""
    told = decoded(hostile())
    lines = [
        line.lstrip()
        for test in told["tests"]
        for key in ("name", "message", "test_code")
        for line in test[key].splitlines()
    ]
    assert any("forged" in line for line in lines)
    assert not [line for line in lines if line.startswith("::") or "##[" in line]


# --- all --------------------------------------------------------------------------------------


@pytest.mark.parametrize("write", FORMATS, ids=lambda write: write.__module__.split(".")[-1])
def test_hostile_texts_leave_a_file_readable(write: Any) -> None:
    """The file is UTF-8 without control codes, and its own reader reads it."""
    text = write(hostile()).decode()
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff\u202e\u2028]", text)
    assert "forged" in text
    assert len(list(suites(hostile()))) == len(handed_in(hostile())["tests"]) - 2


@pytest.mark.parametrize("write", [*FORMATS, github.classroom])
def test_seed_is_in_no_file_that_students_may_see(write: Any) -> None:
    """An instructor's secret seed is in none of these formats."""
    graded = half_right(fingerprint="0123456789abcdef")
    text = write(graded)
    told = base64.b64decode(text[7:]) if text.startswith(b"result=") else text
    assert str(graded.seed).encode() not in told
    assert graded.fingerprint.encode() not in told
