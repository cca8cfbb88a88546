"""The report of a class: its figures, lists and CSV files, and that a stranger's text is text."""

from __future__ import annotations

import csv
import io
import re
import tracemalloc
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from grading.classes.similar import Alike, Passage
from grading.report import classroom, distribution, items
from grading.report.cohort import Cohort
from grading.report.spreadsheets import tables
from grading.report.table import csv_bytes
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
)
from tests.kit.results_by_hand import cohort_of

STEM, PART = "ex01_recurrence", "rnn_step"
HOSTILE = "</td><script>bad()</script><img src='http://x.invalid'>\"'&\x1b[2J\u202e"
ALIKE = Alike(STEM, ("s0", "s1"), 0.87, 140.0, (Passage((41, 60), (44, 63)),), ("a rare remark",))


class Tags(HTMLParser):
    """The tags of a page, its links, and its text with single spaces."""

    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.said: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """One more tag."""
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data: str) -> None:
        """Some more text."""
        self.said.append(data)

    @property
    def words(self) -> str:
        """All of the text."""
        return " ".join(" ".join(self.said).split())


def graded(name: str, outcomes: str, **changed: Any) -> Result:
    """A result of one part; a letter is a test: p passed, f failed, n not started, t timeout."""
    kinds = {"p": Status.PASSED, "f": Status.FAILED, "n": Status.NOT_STARTED, "t": Status.TIMEOUT}
    tests = tuple(
        TestResult(
            *(f"{STEM}::test_{i}", PART, f"Property {i} holds.", "visible", kinds[kind]),
            *(1.0, float(kind == "p"), "" if kind == "p" else "seen so", "", "", 0.1),
        )
        for i, kind in enumerate(outcomes)
    )
    score, most = float(outcomes.count("p")), float(len(outcomes))
    worst = next((kinds[kind] for kind in "tfn" if kind in outcomes), Status.PASSED)
    part = PartResult(PART, worst, score, most)
    exercise = ExerciseResult(STEM, "The recurrence", worst, score, most, (part,), tests)
    isolation = Isolation("process", ("own process group",))
    result = Result(name, score, most, 4711, "0.1.0", 1.5, isolation, (), (exercise,))
    return replace(result, **changed)


def with_part(result: Result, **changed: Any) -> Result:
    """The same result with its part changed."""
    exercise = result.exercises[0]
    part = replace(exercise.parts[0], **changed)
    return replace(result, exercises=(replace(exercise, parts=(part,)),))


def paged(*results: Result, alike: tuple[Alike, ...] = ()) -> Tags:
    """The page of these results."""
    return Tags(classroom.page(cohort_of(results), alike))


def table(name: str, *results: Result, alike: tuple[Alike, ...] = ()) -> list[dict[str, str]]:
    """A CSV file of these results, read back."""
    text = tables(cohort_of(results), alike)[name].decode()
    return list(csv.DictReader(io.StringIO(text)))


def test_class_keeps_little_of_each_result() -> None:
    """Of a result with 300 tests a class keeps a byte for each, and not a table of its own."""
    one, cohort = graded("a", "pf" * 150), Cohort()
    cohort.add(one)
    tracemalloc.start()
    for _ in range(50):
        cohort.add(one)
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size / 50 < 2000


# --- figures ----------------------------------------------------------------------------------


def test_discrimination_leaves_the_test_out_of_the_total() -> None:
    """It is the correlation of passing a test with the points of all others."""
    draw = np.random.default_rng(0)
    passed = draw.random((30, 6)) < draw.random((30, 1))
    results = [graded(f"s{i}", "".join("pf"[not p] for p in row)) for i, row in enumerate(passed)]
    for place, item in enumerate(items.analyse(cohort_of(results))):
        rest = passed.sum(axis=1) - passed[:, place]
        assert item.discrimination == pytest.approx(np.corrcoef(passed[:, place], rest)[0, 1])
        assert item.share_failed == pytest.approx(1 - passed[:, place].mean())


@pytest.mark.parametrize(
    "outcomes",
    [["pf"] * 12, ["fp"] * 12, ["pp", "fp"] * 6, ["pf", "fp"] * 4],
    ids=["all pass", "all fail", "the rest alike", "too few"],
)
def test_discrimination_may_be_undefined(outcomes: list[str]) -> None:
    """Where a test or all others are alike, or few have answered, there is none, and no warning."""
    results = [graded(f"s{i}", row) for i, row in enumerate(outcomes)]
    assert items.analyse(cohort_of(results))[0].discrimination is None


def test_discrimination_is_defined_from_ten_answers_on() -> None:
    """As the page says: of fewer than ten answers there is none."""
    ten = [graded(f"s{i}", "pp" if i % 2 else "ff") for i in range(10)]
    assert items.analyse(cohort_of(ten))[0].discrimination == pytest.approx(1.0)
    assert items.analyse(cohort_of(ten[1:]))[0].discrimination is None


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 999), min_size=3, max_size=6))
@example([10, 20, 70])
def test_points_that_add_up_alike_are_alike(hundredths: list[int]) -> None:
    """Where all have the same points in all other tests, no rounding error makes them differ."""
    results = []
    for i in range(10):
        one = graded(f"s{i}", "pf"[i % 2] + "p" * (len(hundredths) - 1)).exercises[0]
        pairs = zip(one.tests, hundredths, strict=True)
        tests = tuple(replace(test, points=points / 100) for test, points in pairs)
        results.append(graded(f"s{i}", "p", exercises=(replace(one, tests=tests),)))
    assert items.analyse(cohort_of(results))[0].discrimination is None


def test_who_has_not_begun_is_not_counted() -> None:
    """Share failed and discrimination are of those who began the part."""
    item = items.analyse(cohort_of([graded("a", "fp"), graded("b", "nn"), graded("c", "pp")]))[0]
    assert (item.answers, item.failed, item.share_failed) == (2, 1, 0.5)
    nobody = items.analyse(cohort_of([graded("b", "nn")]))[0]
    assert nobody.share_failed is None


def test_a_test_that_only_strong_students_fail_is_worth_a_look() -> None:
    """It stands in the list with a negative discrimination; the others don't."""
    weak = [graded(f"w{i}", "p" + "pfff"[i % 4] + "fff") for i in range(12)]
    strong = [graded(f"s{i}", "f" + "pppf"[i % 4] + "ppp") for i in range(12)]
    words = paged(*weak, *strong).words
    listed = words[words.index("Worth a look") : words.index("The recurrence: 5 tests")]
    assert "Property 0 holds." in listed
    assert "Property 1 holds." not in listed
    assert "the wrong way" in listed


def test_columns_count_every_student_once() -> None:
    """The distribution's numbers add up; full marks fall into the last column."""
    said = distribution.histogram([0, 0.1, 0.3, 0.3, 0.999, 1.0])
    counts = re.findall(r"(\d+) to (\d+) percent: (\d+)", said)
    assert counts == [("0", "10", "1"), ("10", "20", "1"), ("30", "40", "2"), ("90", "100", "2")]


@settings(max_examples=50, deadline=None)
@given(
    st.integers(1, 150).flatmap(lambda most: st.tuples(st.integers(0, most * 100), st.just(most)))
)
@example((1500, 150))
@example((30, 3))
@example((60, 6))
def test_share_on_the_edge_of_a_column_falls_into_the_upper_one(points: tuple[int, int]) -> None:
    """A score is counted in the column of its exact share, whatever a float makes of it."""
    hundredths, most = points
    said = distribution.histogram([hundredths / 100 / most])
    least = 10 * min(10 * hundredths // (100 * most), 9)
    assert re.findall(r"(\d+) to \d+ percent: 1", said) == [str(least)]


# --- the page ---------------------------------------------------------------------------------


def test_page_tells_all_that_an_instructor_asks() -> None:
    """Names, points, mistakes, incidents, overrides, late marks, alike, and how it was graded."""
    origin = Origin("Ada O.", late=True, earlier=("try 1",), notes=("EX01.py was taken",))
    page = paged(
        with_part(
            graded("s0", "pf", origin=origin), diagnosis=Diagnosis("bias", "Your state lacks b.")
        ),
        with_part(graded("s1", "pt"), override=Override(2.0, 1.0, "a slow laptop")),
        graded("s2", "nn"),
        alike=(ALIKE,),
    )
    for said in (
        *("3 submission", "Ada O. late", "Your state lacks b.", "took too long", "seen so"),
        *("a slow laptop", "try 1", "EX01.py was taken", "87 %", "41–60 and 44–63"),
        *("a rare remark", "never a verdict", "process: own process group", "4711"),
        *("version 0.1.0", "nothing was left out", "not started", "1 of 2"),
    ):
        assert said in page.words, said


def test_every_student_has_a_page_to_go_to() -> None:
    """Names of any kind become one address each, which no name leaves."""
    odd = ["../../etc/passwd", "a b", "ä/ö", "javascript:alert(1)", 'x" onclick="y', "数"]
    links = paged(*(graded(name, "p") for name in odd)).links
    own = [link for link in links if not link.startswith(("#", "data:"))]
    assert len(set(own)) == len(odd)
    assert all(re.fullmatch(r"students/[\w.%~-]+\.html", link) for link in own)
    assert not any("/" in link.removeprefix("students/") for link in own)


def test_one_name_twice_is_told_apart() -> None:
    """Two students with one name are shown with their submissions' names."""
    results = [graded(f"s{i}", "p", origin=Origin("Kim Lee")) for i in range(2)]
    assert {"Kim Lee (s0)", "Kim Lee (s1)"} <= set(paged(*results).said)


def test_names_that_look_alike_are_told_apart() -> None:
    """One name in two spellings of Unicode is one name for who reads the page."""
    names = ["Jos\u00e9", "Jose\u0301"]
    results = [graded(f"s{i}", "p", origin=Origin(name)) for i, name in enumerate(names)]
    assert {f"{name} (s{i})" for i, name in enumerate(names)} <= set(paged(*results).said)


def test_mixed_ways_of_grading_are_counted() -> None:
    """Where isolation or seed differ within a class, the page says how many had which."""
    other = graded("b", "p", seed=1, isolation=Isolation("none"))
    words = paged(graded("a", "p"), graded("c", "p"), other).words
    assert "4711 (2 of 3) ; 1 (1 of 3)" in words
    assert "none (1 of 3)" in words


def test_exercises_that_some_lack_are_no_fault() -> None:
    """A class of which some were graded in other exercises makes one page."""
    exercise = replace(graded("b", "pf").exercises[0], id="ex02_torch_rnn", title="Shapes")
    words = paged(graded("a", "p"), graded("b", "pf", exercises=(exercise,))).words
    assert "not graded" in words
    assert "ex02 Shapes" in words


def test_an_empty_class_makes_a_page() -> None:
    """Nobody has handed in: the page says so."""
    page = paged()
    assert "0 submissions" in page.words
    assert "nobody yet" in page.words


def test_hostile_text_adds_no_tag() -> None:
    """Names, messages, reasons, notes and sentences hold markup, and none becomes a tag."""

    def of(text: str) -> bytes:
        origin = Origin(text, late=True, earlier=(text,), notes=(text,))
        result = with_part(
            graded(text, "tf", origin=origin),
            diagnosis=Diagnosis("x", text),
            override=Override(1.0, 0.0, text),
        )
        tests = tuple(replace(t, message=text, title=text) for t in result.exercises[0].tests)
        exercise = replace(result.exercises[0], tests=tests)
        result = replace(result, exercises=(exercise,), isolation=Isolation(text), kit_version=text)
        return classroom.page(cohort_of([result]), [replace_alike(text)])

    page = of(HOSTILE)
    assert Tags(page).tags == Tags(of("plain")).tags
    assert b"\x1b" not in page
    assert "\u202e" not in page.decode()


def replace_alike(text: str) -> Alike:
    """Two that are alike, with these names and words."""
    return Alike(STEM, (text, f"{text} "), 0.9, 99.0, (), (text,))


def test_the_policy_names_the_only_script() -> None:
    """One script, which the policy names by its hash; nothing may be fetched."""
    text = classroom.page(cohort_of([graded("a", "p")]), []).decode()
    assert text.count("<script>") == 1
    assert re.search(r"default-src 'none'.*script-src 'sha256-[A-Za-z0-9+/]{43}='\"", text)
    assert "unsafe-eval" not in text


def large_class(count: int) -> Iterator[Result]:
    """A class of ten exercises with 25 tests each, all of which say much."""
    base = with_part(graded("x", "pft" * 8 + "n"), diagnosis=Diagnosis("d", "s" * 200))
    one = base.exercises[0]
    own = tuple(replace(test, message="m" * 3000) for test in one.tests)
    exercises = tuple(replace(one, id=f"ex{i:02d}_x", tests=own) for i in range(1, 11))
    for i in range(count):
        yield replace(base, submission=f"student number {i}", exercises=exercises)


def test_page_of_a_thousand_is_small() -> None:
    """At most 3 MB, though everybody's every exercise has an incident and a diagnosis."""
    assert len(classroom.page(cohort_of(large_class(1000)), [])) < 3_000_000


def test_results_are_let_go() -> None:
    """What results say is not kept once they were gathered: memory doesn't follow it."""
    tracemalloc.start()
    cohort = cohort_of(unshared(large_class(20)))
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(cohort.rows) == 20
    assert kept < 20 * 250 * 1000  # a third of what the messages alone would take


def unshared(results: Iterator[Result]) -> Iterator[Result]:
    """The same results with messages of their own, as if each were read from its file."""
    for result in results:
        exercises = tuple(
            replace(e, tests=tuple(replace(t, message=t.message + "!") for t in e.tests))
            for e in result.exercises
        )
        yield replace(result, exercises=exercises)


# --- CSV --------------------------------------------------------------------------------------


def test_tables_hold_everything() -> None:
    """Each file has its rows: submissions × tests, parts, items, mistakes, alike."""
    first = with_part(
        graded("s0", "pf"),
        diagnosis=Diagnosis("bias", "Where is b?"),
        override=Override(2.0, 1.0, "a typo of ours"),
        score=2.0,
    )
    results = first, graded("s1", "nn")
    tests = table("tests.csv", *results)
    assert [row["status"] for row in tests] == ["passed", "failed", "not_started", "not_started"]
    assert [row["earned"] for row in tests] == ["1.0", "0.0", "0.0", "0.0"]
    part = table("parts.csv", *results)[0]
    assert (part["score"], part["tests_gave"], part["reason"]) == ("2.0", "1.0", "a typo of ours")
    assert table("diagnoses.csv", *results)[0]["sentence"] == "Where is b?"
    assert [row["answers"] for row in table("items.csv", *results)] == ["1", "1"]
    assert table("items.csv", *results)[0]["discrimination"] == ""
    alike = table("similar.csv", *results, alike=(ALIKE,))
    assert [(row["submission"], row["lines"]) for row in alike] == [
        ("s0", "41 to 60"),
        ("s1", "44 to 63"),
    ]
    assert [row["submission"] for row in table("submissions.csv", *results)] == ["s0", "s1"]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", '=HYPERLINK("x")']
)
def test_no_text_is_a_formula(text: str) -> None:
    """Text that a spreadsheet would compute begins with an apostrophe, in cells and header."""
    read = list(csv.reader(io.StringIO(csv_bytes([text], [[text, -1.5, None]]).decode(), "")))
    shown = "'" + text.replace("\r", "\n")
    assert read == [[shown], [shown, "-1.5", ""]]


@pytest.mark.parametrize("text", ["Ada", "a,b", 'say "x"', "two\nlines", "", "数", "a=b"])
def test_other_text_comes_back_as_it_was(text: str) -> None:
    """Commas, quotes and line feeds survive."""
    read = list(csv.reader(io.StringIO(csv_bytes(["h"], [[text, "end"]]).decode(), "")))
    assert read[1] == [text, "end"]


def test_a_carriage_return_begins_no_row() -> None:
    """It becomes a line feed within its cell: what follows it stays there."""
    assert csv_bytes(["h"], [["a\r=1"], ["b\r\nc"]]) == b'h\n"a\n=1"\n"b\nc"\n'


def test_what_utf8_cannot_hold_is_spelled_out() -> None:
    """Half a surrogate pair, and a zero, are written as what they are."""
    assert csv_bytes(["h"], [["\ud800\0"]]) == b"h\n\\u{d800}\\x00\n"


@pytest.mark.parametrize("text", ["\x1b[2Jada", "\x9b2J", "\u202egnp.exe", "\x07"])
def test_no_text_steers_a_terminal(text: str) -> None:
    """Control codes, and signs that turn the direction around, are spelled out."""
    shown = csv_bytes(["h"], [[text]]).decode()
    assert not set(text) & set("\x1b\x9b\u202e\x07") & set(shown)


def test_no_cell_is_larger_than_a_spreadsheet_takes() -> None:
    """A comment of a mebibyte that two have in common stays out of a cell."""
    assert len(csv_bytes(["h"], [["\x1b" * 1_000_000]])) < 32_767
