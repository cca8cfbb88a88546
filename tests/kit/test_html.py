"""The HTML page: what stands in it, and that nothing of a submission becomes markup."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from grading.catalog import HOME
from grading.handed_in.intake import Submission
from grading.report import code, html
from grading.report.template import Room
from grading.results import (
    Diagnosis,
    ExerciseResult,
    Isolation,
    Origin,
    PartResult,
    Result,
    Status,
    TestResult,
    Visibility,
)
from tests.kit.conftest import FrontDoor
from tests.kit.tags import Tags

STEM = "ex01_recurrence"
SOURCE = "import torch\n\n\ndef rnn_step(x):\n    y = x\n    return y[99]  # <b>\n\n\nZ = 1\n"
HOSTILE = "</pre><script>bad()</script><img src='http://x.invalid'>\"'&\x1b[2J\u202e"


def failing(count: int = 1, **changed: Any) -> tuple[TestResult, ...]:
    """Failing tests of rnn_step."""
    fields: dict[str, Any] = {
        "id": "t",
        "part": "rnn_step",
        "title": "The state is right.",
        "visibility": Visibility.VISIBLE,
        "status": Status.ERROR,
        "points": 5.0,
        "earned": 0.0,
        "message": f"IndexError: 99 ({STEM}.py:6, in rnn_step)\n    return y[99]",
        "hint": "python grader.py hint ex01 rnn_step",
        "stdout": "",
        "duration": 0.1,
    }
    return (TestResult(**(fields | changed)),) * count


def result(tests: tuple[TestResult, ...], problem: str = "", **changed: Any) -> Result:
    """A result with one exercise of one part, which failed."""
    parts = (PartResult("rnn_step", Status.ERROR, 0.0, 5.0, **changed),)
    title = "The recurrence"
    exercise = ExerciseResult(STEM, title, Status.ERROR, 0.0, 10.0, parts, tests, problem)
    isolation = Isolation("process", ("own process group",))
    return Result("ada", 0.0, 10.0, 4711, "0.1.0", 1.5, isolation, ("ex02 to ex10",), (exercise,))


def paged(graded: Result, source: str = SOURCE) -> str:
    """Its page."""
    return html.page(graded, Submission("ada", {STEM: source}), [])


def test_page_tells_all_of_a_failing_part() -> None:
    """Sentence, message, output, diagnosis, what to mend first, hint: all are there in words."""
    graded = result(
        failing(stdout="I was here"),
        diagnosis=Diagnosis("off_by_one", "You began to count at one."),
        mend_first="rnn_forward",
    )
    words = Tags(paged(graded)).words
    for said in (
        "The state is right.",
        "IndexError: 99",
        "I was here",
        "You began to count at one.",
        "rnn_forward isn't right yet and may be the cause.",
        "python grader.py hint ex01 rnn_step",
        "! error",
        "0 of 5 points",
    ):
        assert said in words


@pytest.mark.parametrize(
    ("problem", "first"),
    [
        (f"{STEM}.py:5 can't be loaded: NameError", f"{STEM}.py (0 of 10 points)"),
        ("", f"{STEM} · rnn_step (0 of 5 points)"),
    ],
)
def test_page_names_the_file_that_can_not_be_loaded_as_the_screen_does(
    problem: str, first: str
) -> None:
    """What to work on first is the file then, and not its first part."""
    words = " ".join(Tags(paged(result(failing(), problem=problem))).words.split())
    assert f"Work on this first: {first}" in words


def test_page_tells_once_why_a_file_can_not_be_loaded() -> None:
    """Above the parts stand the error, what was printed and the line; no test repeats it."""
    problem = f"{STEM}.py:5 can't be loaded: NameError: name 'z' is not defined"
    tests = failing(3, message=problem, stdout="I was here")
    page = paged(result(tests, problem=problem))
    words = Tags(page).words
    for said in (problem, "I was here", "raised here: line 5"):
        assert words.count(said) == 1
    for told in ("Must hold:", "A hint:", "more of its tests"):
        assert told not in words


def test_page_tells_how_it_was_graded() -> None:
    """Isolation, seed, version of the kit, and what was not checked stand at the end."""
    words = Tags(paged(result(failing()))).words
    for said in ("process: own process group", "4711", "version 0.1.0", "ex02 to ex10"):
        assert said in words


def test_the_line_that_raised_is_marked() -> None:
    """The part's own lines are shown, and the one that the message names is marked."""
    lines = code.lines_of(SOURCE, STEM, "rnn_step", failing()[0].message)
    assert [line.number for line in lines] == [4, 5, 6]
    assert [line.raised for line in lines] == [False, False, True]
    assert 'class="raised"' in paged(result(failing()))


@pytest.mark.parametrize(
    "source",
    ["def rnn_step(:\n" * 9, "", "(" * 5000, "x = '''\n" * 20, "\x0c\n" * 9, "a" * 90000],
    ids=["no syntax", "empty", "deep", "open string", "form feeds", "one long line"],
)
def test_any_source_can_be_shown(source: str) -> None:
    """Source that can't be parsed makes a page all the same."""
    assert "IndexError" in Tags(paged(result(failing()), source)).words


def test_a_line_that_is_not_there_shows_no_code() -> None:
    """A message may name any line; only those of the file are shown."""
    for line in ("0", "10", "99999", "9" * 40):
        assert code.lines_of(SOURCE, STEM, "rnn_step", f"{STEM}.py:{line}") == ()


def test_a_long_part_is_shown_around_the_line_that_raised() -> None:
    """Of a part that is longer than a glance takes, the lines around the place are shown."""
    long = "def rnn_step(x):\n" + "    x = x\n" * 200
    lines = code.lines_of(long, STEM, "rnn_step", f"{STEM}.py:100")
    assert len(lines) == code.MAX_LINES
    assert [line.number for line in lines if line.raised] == [100]
    assert lines[0].number < 90
    assert lines[-1].number > 110


def test_a_long_part_that_raised_near_its_top_is_shown_from_its_top() -> None:
    """What stands above the part in the file isn't shown, though there is room for it."""
    long = "above = 1\n" * 30 + "def rnn_step(x):\n" + "    x = x\n" * 200
    lines = code.lines_of(long, STEM, "rnn_step", f"{STEM}.py:33")
    assert [line.number for line in lines] == list(range(31, 31 + code.MAX_LINES))
    assert [line.number for line in lines if line.raised] == [33]


def test_a_long_file_is_shown_without_being_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A tree of a mebibyte would cost the pages of a class seconds and memory, file by file."""
    monkeypatch.setattr(code.ast, "parse", lambda *_: pytest.fail("it was parsed"))
    long = f"{SOURCE}kept = [{'1, ' * code.MAX_PARSED}]\n"
    lines = code.lines_of(long, STEM, "rnn_step", f"{STEM}.py:6")
    assert [line.number for line in lines if line.raised] == [6]


def test_hostile_text_adds_no_tag() -> None:
    """Messages, output, names, problems and code hold markup, and none of it becomes a tag."""
    plain = Tags(paged(result(failing(message="m", stdout="o")), "# a\n" * 9)).tags
    graded = result(failing(message=f"{HOSTILE} {STEM}.py:2", stdout=HOSTILE, title=HOSTILE))
    text = html.page(graded, Submission("x", {STEM: f"# {HOSTILE}\n" * 9}), [])
    tags = Tags(text).tags
    assert set(tags) - {"span", "ol", "li", "code"} == set(plain) - {"span", "ol", "li", "code"}
    assert "script" not in tags
    assert "\x1b" not in text
    assert "\u202e" not in text


def test_page_stays_small_whatever_is_printed() -> None:
    """Hundreds of failing tests that say and print as much as they can fit into 1.5 MB."""
    graded = result(failing(400, message="\U0010ffff" * 5000, stdout="<" * 70000))
    text = paged(graded)
    assert len(text.encode()) < 1_500_000
    assert "left out: this page is full" in text


def test_text_on_a_full_page_is_told_as_left_out() -> None:
    """Once a page is full, every further text is left out with a note; what is empty stays so."""
    room = Room(10)
    assert room.fit("fits", 100) == "fits"
    first, second = room.fit("fits no more", 100), room.fit("x", 100)
    assert second == first
    assert "this page is full" in second
    assert room.fit("", 100) == ""


def test_page_lists_so_many_earlier_submissions_and_notes() -> None:
    """Of thousands of resubmissions, or notes, the page lists the first ones."""
    names = [[f"{kind}-{n}." for n in range(html.MAX_NOTES + 5)] for kind in ("try", "note")]
    origin = Origin("Ada", earlier=tuple(names[0]), notes=tuple(names[1]))
    words = Tags(paged(replace(result(failing()), origin=origin))).words
    for own in names:
        assert [name for name in own if name in words] == own[: html.MAX_NOTES]


def test_untouched_parts_are_told_briefly() -> None:
    """A part that was not begun shows one test and no list of all the others."""
    part = PartResult("rnn_step", Status.NOT_STARTED, 0.0, 5.0)
    tests = failing(7, status=Status.NOT_STARTED)
    exercise = ExerciseResult(STEM, "t", Status.NOT_STARTED, 0.0, 10.0, (part,), tests)
    graded = Result("a", 0.0, 10.0, 1, "0", 1.0, Isolation("process"), (), (exercise,))
    assert Tags(paged(graded)).words.count("Must hold:") == 1


def test_page_needs_no_network() -> None:
    """Nothing is fetched: no address but that of XML's own names, and a policy that forbids it."""
    text = paged(result(failing()))
    assert "default-src 'none'" in text
    assert not re.findall(r"(?:src|href)=\"(?!#|data:)", text)


# --- the command ------------------------------------------------------------------------------


def test_check_writes_the_page(front_door: FrontDoor, tmp_path: Path) -> None:
    """`check --html` writes the page with pictures, for the visible tests alone as well."""
    path = tmp_path / "page.html"
    solutions = HOME / "solutions"
    done = front_door("check", solutions, "ex01", "--visible-only", "--html", path)
    assert done.returncode == 0, done.stderr
    text = path.read_text(encoding="utf-8")
    assert Tags(text).tags.count("svg") == 1
    assert "10 of 10" in Tags(text).words.replace("\n", " ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--in-process", "--html", "x.html"), "leave out --in-process"),
        (("--html", "/proc/x.html"), "/proc/x.html can't be written"),
    ],
    ids=["in process", "read-only folder"],
)
def test_check_says_where_no_page_can_be(
    arguments: tuple[str, ...], says: str, front_door: FrontDoor
) -> None:
    """A page that can't be made is exit code 2, with words."""
    done = front_door("check", HOME / "exercises", "ex01", *arguments)
    assert done.returncode == 2
    assert says in done.stderr
