"""What the judge of a submission makes of the ends of a test's phases."""

from __future__ import annotations

from typing import Literal

import pytest

from grading.catalog import Catalog, Exercise
from grading.handed_in.intake import Submission
from grading.judging.judge import Judge
from grading.judging.score import GradedTest
from grading.results import Status, Visibility
from grading.session.outcomes import BrokenFile, Crashed, WrongError
from grading.session.remote import Student
from grading.session.transport import InProcess
from tests.kit import tiny
from tests.kit.tiny import only

TEST = "tests/hidden/test_ex01.py::test_claim"
GRADED = GradedTest(TEST, Exercise("ex01", "Title", ()), "double", 1, "A claim.", Visibility.HIDDEN)


@pytest.fixture
def judge(kit: Catalog) -> Judge:
    """The judge of a right submission."""
    submission = Submission("ada", {only(kit).stem: tiny.SOLUTION})
    return Judge(kit, submission, seed=1, connect=InProcess)


def begun(judge: Judge, answered: bool) -> None:
    """Begin a test, which has called the student or not."""
    exercise: Exercise = only(judge.catalog)
    student = Student(judge.begin(exercise, TEST, "double"))
    if answered:
        assert student.double(2) == 4


def report(when: Literal["setup", "call", "teardown"] = "call") -> pytest.TestReport:
    """What pytest says of a phase."""
    return pytest.TestReport(TEST, (TEST, 1, ""), {}, "failed", "a traceback", when)


@pytest.mark.parametrize(
    "later", [None, WrongError("another"), Crashed("died")], ids=["passed", "wrong", "crashed"]
)
def test_later_phase_never_mends_an_earlier_one(judge: Judge, later: BaseException | None) -> None:
    """What a test's call came to stays, however its end goes."""
    begun(judge, answered=True)
    judge.note(GRADED, report(), WrongError("wrong values"))
    judge.note(GRADED, report("teardown"), later)
    assert judge.verdicts[TEST].status is Status.FAILED
    assert judge.verdicts[TEST].kind == "wrong values"


def test_later_phase_can_spoil_an_earlier_one(judge: Judge) -> None:
    """A test that passed and then lost its worker is no pass."""
    begun(judge, answered=True)
    judge.note(GRADED, report(), None)
    judge.note(GRADED, report("teardown"), Crashed("died"))
    assert judge.verdicts[TEST].status is Status.CRASHED


def test_test_that_stumbles_over_an_answer_is_a_wrong_answer(judge: Judge) -> None:
    """An answer of an odd form, which the test's own code can't take, counts as wrong."""
    begun(judge, answered=True)
    judge.note(GRADED, report(), TypeError("'int' object is not iterable"))
    verdict = judge.verdicts[TEST]
    assert judge.faults == []
    assert (verdict.status, verdict.kind) == (
        Status.FAILED,
        "the answer has a form that can't be worked with",
    )
    assert verdict.detail.endswith("TypeError: 'int' object is not iterable")


def test_test_that_stumbles_before_any_answer_is_our_fault(judge: Judge) -> None:
    """Where the student's code had no part in it, no verdict is passed and the fault is kept."""
    begun(judge, answered=False)
    judge.note(GRADED, report(), TypeError("ours"))
    assert judge.verdicts == {}
    assert judge.faults == [f"{TEST} (call):\na traceback"]


def test_test_that_stumbles_over_an_objects_state_is_a_wrong_answer(judge: Judge) -> None:
    """What an object over there says of itself is an answer, too, be it the first one."""
    exercise: Exercise = only(judge.catalog)
    student = Student(judge.begin(exercise, TEST, "double"))
    assert "weight" in student.make("torch.nn.Linear", 2, 1).state()
    judge.note(GRADED, report(), KeyError("bias"))
    assert judge.verdicts[TEST].status is Status.FAILED
    assert judge.faults == []


@pytest.mark.parametrize(
    ("returned", "asked"), [("None", True), ("(2, None)", False)], ids=["all", "one item"]
)
def test_return_is_asked_for_where_nothing_came_back(
    kit: Catalog, returned: str, asked: bool
) -> None:
    """A None that is all that came back may be a forgotten return; one item of a tuple isn't."""
    source = f"def double(x):\n    return {returned}\n"
    judge = Judge(kit, Submission("ada", {only(kit).stem: source}), seed=1, connect=InProcess)
    Student(judge.begin(only(kit), TEST, "double")).double(2)
    judge.note(GRADED, report(), WrongError("wrong", "it: returned None, expected a tensor"))
    assert ("is a return missing?" in judge.verdicts[TEST].detail) == asked


def test_file_that_cannot_be_loaded_is_noted_as_such(kit: Catalog) -> None:
    """A verdict tells whether the file was loaded at all."""
    submission = Submission("ada", {only(kit).stem: "raise ValueError"})
    judge = Judge(kit, submission, seed=1, connect=InProcess)
    with pytest.raises(BrokenFile) as broken:
        Student(judge.begin(only(kit), TEST, "double")).double(2)
    judge.note(GRADED, report(), broken.value)
    assert judge.verdicts[TEST].unloaded


def test_test_that_asks_no_student_is_judged_too(judge: Judge) -> None:
    """A test that never called the submission has its verdict, with nothing printed."""
    judge.note(GRADED, report(), None)
    verdict = judge.verdicts[TEST]
    assert (verdict.status, verdict.stdout) == (Status.PASSED, "")
