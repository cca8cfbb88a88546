"""What is one is written as one, wherever it is counted."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from grading import catalog as catalogs
from grading.classes.renew import Summary
from grading.counting import counted
from grading.handed_in.intake import Submission
from grading.report import classroom, github, html, news, override_sheet, progress, tally, terminal
from grading.report.text import visible
from grading.results import Result, Status
from grading.session.process import MAX_PRINTED, Printed
from tests.kit.results_by_hand import cohort_of, exercise, graded_test, result

FAILING = graded_test(Status.FAILED, points=1.0)
ONE_POINT = result(exercise(FAILING))


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 points"),
        (1, "1 point"),
        (1.0, "1 point"),
        (2.5, "2.5 points"),
        (10**7, "10000000 points"),
    ],
)
def test_word_goes_with_its_count(count: float, words: str) -> None:
    """One is a point, anything else points; large counts are written out."""
    assert counted(count, "point") == words


def on_screen(graded: Result) -> str:
    """The screen of a result."""
    out = StringIO()
    terminal.show(graded, Console(file=out, width=80))
    return out.getvalue()


def after_a_save(graded: Result) -> str:
    """What `watch` says where this is how it was before, and it earns a point now."""
    out, before = StringIO(), graded.exercises[0].parts[0]
    now = exercise(graded_test(Status.FAILED, points=1.0, earned=1.0))
    news.show(now, {before.name: before}, 0.5, Console(file=out, width=100))
    return out.getvalue()


REPORTS = {
    "screen": on_screen,
    "page": lambda graded: html.student_page(graded, Submission("ada", {})).decode(),
    "summary": lambda graded: github.summary(graded).decode(),
    "watch": after_a_save,
    "class": lambda graded: classroom.page(cohort_of([graded]), ()).decode(),
}


@pytest.mark.parametrize("name", REPORTS)
def test_one_point_is_no_points(name: str) -> None:
    """A part of one point has "0 of 1 point"."""
    told = REPORTS[name](ONE_POINT)
    assert "1 point" in told
    assert "1 points" not in told


def test_class_of_one_is_one() -> None:
    """The title of a class's page counts its submissions."""
    assert "<title>Class report: 1 submission</title>" in REPORTS["class"](ONE_POINT)


def test_one_part_that_is_left_out_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A summary that is full says of one part that it "is" not right."""
    monkeypatch.setattr(github, "MAX_SUMMARY", 0)
    told = github.summary(ONE_POINT).decode()
    assert "1 more part is not right; this summary is full." in told


def test_one_character_more_is_one() -> None:
    """Where a text is cut by one character, and where one is not kept, that is said."""
    assert visible("ab", 1) == "a … (1 character more)"
    printed = Printed()
    printed.add("a" * (MAX_PRINTED + 1))
    assert printed.text.endswith("… and 1 character more, not kept")


def test_one_fault_is_one() -> None:
    """The log of a batch counts faults as they are."""
    out, now = StringIO(), iter([0.0, 60.0])
    lines = progress.Lines(Console(file=out, width=80), 9, lambda: next(now))
    lines.tell(Summary(graded=5, faults={"ada": "a bug of ours"}))
    assert "6 of 9 graded (1 fault), some" in out.getvalue()


@pytest.mark.parametrize(
    ("stems", "words"), [(["ex05_x"], "ex05 is not"), (["ex05_x", "ex06_y"], "ex05, ex06 are not")]
)
def test_exercises_that_are_not_graded_are_counted(stems: list[str], words: str) -> None:
    """One exercise "is" not graded now, two "are" not."""
    (note,) = tally.unused({"ada": {f"{stem}/part": None for stem in stems}}, [])
    assert f"as {words} graded now" in note


def test_one_line_more_is_one(tmp_path: Path) -> None:
    """Of wrong lines in the sheet of overrides, the last is counted where it isn't shown."""
    path = tmp_path / override_sheet.NAME
    rows = ["ada,nothing,1,why"] * (override_sheet.MOST + 1)
    path.write_text("\n".join([",".join(override_sheet.COLUMNS), *rows]), encoding="utf-8")
    with pytest.raises(override_sheet.OverridesError, match=r"\nand 1 line more$"):
        override_sheet.read(path, catalogs.load(), ["ada"])
