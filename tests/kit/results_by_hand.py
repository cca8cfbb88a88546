"""Results made by hand for the tests of what is written from them, some with hostile texts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from grading.report.cohort import Cohort
from grading.results import (
    Diagnosis,
    ExerciseResult,
    Isolation,
    Origin,
    Override,
    PartResult,
    Result,
    Status,
    TestResult,
    Visibility,
)

HOSTILE = (
    "</pre></details></td><script>bad()</script><img src=x onerror=bad()> ]]> <!-- \n"
    "\n# heading\n\n- item\n\n    code\n```\n~~~\n"
    "| a | b |\n|---|---|\n[a](javascript:bad()) ![](x)\n"
    "**bold** `code` $x$ @somebody #1 https://x.invalid www.x.invalid &amp; &#60;\n"
    "::error::forged\n  ::set-output name=result::forged\n##[error]forged\n"
    "\x00\x07\x1b[2J\x1b]0;x\x07\ud800\udfff\ufffe\uffff\u202e\u2028\r\n=cmd|' /C calc'!A0"
)
"""Markup of HTML, XML and Markdown, commands to a runner, control codes, lone surrogates."""

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    " =1",
    "＝1",
    "=cmd|' /C calc'!A0",
)
"""What a spreadsheet may take for a formula."""


def graded_test(status: Status = Status.PASSED, **changed: Any) -> TestResult:
    """A test of rnn_step that is worth 2.5 points."""
    fields: dict[str, Any] = {
        "id": "tests/visible/test_ex01_recurrence.py::test_bias",
        "part": "rnn_step",
        "title": "The bias is added.",
        "visibility": Visibility.VISIBLE,
        "status": status,
        "points": 2.5,
        "earned": 2.5 if status is Status.PASSED else 0.0,
        "message": "" if status is Status.PASSED else "the state has wrong values",
        "hint": "" if status is Status.PASSED else "python grader.py hint ex01 rnn_step",
        "stdout": "",
        "duration": 0.25,
    }
    return TestResult(**(fields | changed))


def hidden(status: Status = Status.FAILED, **changed: Any) -> TestResult:
    """A hidden test of rnn_step."""
    fields = {"visibility": Visibility.HIDDEN, "title": "A secret property holds."} | changed
    return graded_test(status, id="tests/hidden/test_ex01_recurrence.py::test_secret", **fields)


def exercise(*tests: TestResult, id: str = "ex01_recurrence", **changed: Any) -> ExerciseResult:
    """An exercise of one part, whose status and points are those of its tests."""
    failing = [test.status for test in tests if test.status is not Status.PASSED]
    status = failing[0] if failing else Status.PASSED
    score, most = sum(test.earned for test in tests), sum(test.points for test in tests)
    problem = changed.pop("problem", "")
    override = changed.get("override")
    score = override.points if override else score
    part = PartResult("rnn_step", status, score, most, **changed)
    return ExerciseResult(
        id, "The recurrence by hand", status, score, most, (part,), tests, problem
    )


def result(*exercises: ExerciseResult, **changed: Any) -> Result:
    """A result of these exercises."""
    fields: dict[str, Any] = {
        "submission": "ada",
        "score": round(sum(graded.score for graded in exercises), 2),
        "max_score": round(sum(graded.max_score for graded in exercises), 2),
        "seed": 987654321,
        "kit_version": "0.1.0",
        "duration": 1.5,
        "isolation": Isolation("process", ("own process group",)),
        "not_checked": (),
        "exercises": exercises,
    }
    return Result(**(fields | changed))


def half_right(**changed: Any) -> Result:
    """One test passed, one failed, and a hidden one failed: 2.5 of 7.5 points."""
    return result(
        exercise(
            graded_test(),
            graded_test(Status.FAILED),
            hidden(),
            diagnosis=Diagnosis("no_bias", "Your bias is not added."),
        ),
        **changed,
    )


def overridden() -> Result:
    """The half-right one, with 6 points given by hand instead of 2.5."""
    override = Override(6.0, 2.5, "right idea; see my mail")
    return result(exercise(graded_test(), graded_test(Status.FAILED), hidden(), override=override))


def hostile() -> Result:
    """A result with a hostile text in every place that a submission can reach."""
    test = graded_test(Status.ERROR, message=HOSTILE, stdout=HOSTILE)
    return result(
        exercise(graded_test(), test, override=Override(1.0, 2.5, HOSTILE)),
        exercise(test, id="ex02_torch_rnn", problem=HOSTILE),
        submission=HOSTILE,
        not_checked=(HOSTILE,),
        origin=Origin(student=HOSTILE, notes=(HOSTILE,), earlier=(HOSTILE,)),
    )


def harmless(found: Any) -> Any:
    """The same, with plain words for every hostile text."""
    if type(found) is str:
        return found.replace(HOSTILE, "harmless")
    if isinstance(found, tuple):
        return tuple(harmless(one) for one in found)
    if isinstance(found, msgspec.Struct):
        fields = {name: harmless(getattr(found, name)) for name in found.__struct_fields__}
        return type(found)(**fields)
    return found


def of_student(name: str, points: float, **ids: str) -> Result:
    """A student's result of one exercise of 10 points, with the platform's numbers."""
    test = graded_test(Status.FAILED, points=10.0, earned=points)
    return result(exercise(test), submission=name, origin=Origin(student=name.title(), ids=ids))


def cohort_of(results: Iterable[Result]) -> Cohort:
    """The class of these results."""
    cohort = Cohort()
    for one in results:
        cohort.add(one)
    return cohort
