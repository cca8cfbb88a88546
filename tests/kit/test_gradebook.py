"""gradebook.csv: what an instructor finds in it, and what a spreadsheet makes of it."""

from __future__ import annotations

import codecs
import csv
import io
import tempfile
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from grading import catalog as catalogs
from grading.report import gradebook, sheets
from grading.report.table import FORMULA
from grading.results import Origin, Result, Status
from tests.kit import results_by_hand as by_hand
from tests.kit.results_by_hand import FORMULAS, HOSTILE, exercise, graded_test, half_right, result

CATALOG = catalogs.load()
PROPERTY = settings(max_examples=60, deadline=None)


def table(*results: Result) -> list[dict[str, str]]:
    """The rows of gradebook.csv, as a reader that knows of byte order marks gives them."""
    text = gradebook.rows(results, CATALOG).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def test_row_tells_points_status_and_how_it_was_graded() -> None:
    """Points of the whole and of each exercise, statuses, and all that a regrade needs."""
    origin = Origin("Ada L.", True, ("ada-1",), ("renamed ex1.py",), {"canvas_user": "12"})
    (row,) = table(half_right(origin=origin, not_checked=("ex02_torch_rnn",), fingerprint="f00"))
    expected = {
        "submission": "ada",
        "student": "Ada L.",
        "late": "late",
        "score": "2.5",
        "max_score": "7.5",
        "ex01_recurrence": "2.5",
        "ex01 status": "failed",
        "not_checked": "ex02_torch_rnn",
        "earlier": "ada-1",
        "notes": "renamed ex1.py",
        "ids": "canvas_user 12",
        "isolation": "process",
        "seed": "987654321",
        "fingerprint": "f00",
    }
    assert {key: row[key] for key in expected} == expected


def test_exercise_that_was_not_checked_is_empty_not_zero() -> None:
    """No points and no status stand where nothing was checked."""
    (row,) = table(half_right())
    assert (row["ex02_torch_rnn"], row["ex02 status"]) == ("", "")


def test_override_stands_in_the_gradebook() -> None:
    """Points set by hand are the points, and the reason stands beside them."""
    (row,) = table(by_hand.overridden())
    assert row["score"] == row["ex01_recurrence"] == "6"
    assert row["overridden"] == (
        "ex01 · rnn_step: set by hand from 2.5 to 6 points: right idea; see my mail"
    )


def test_reason_of_several_exercises_is_told_once() -> None:
    """What is wrong with the whole submission stands once in its row, whatever else is wrong."""
    said = ["the zip is broken", "the zip is broken", "it was a link"]
    broken = [exercise(graded_test(Status.MISSING), problem=one) for one in said]
    (row,) = table(result(*broken))
    assert row["problems"] == "the zip is broken; it was a link"


def test_exercise_of_an_older_kit_is_not_lost() -> None:
    """A result's exercise that this kit doesn't know has columns of its own."""
    (row,) = table(result(exercise(graded_test(), id="ex99_gone")))
    assert (row["ex99_gone"], row["ex99 status"]) == ("2.5", "passed")


def test_order_is_that_of_names() -> None:
    """The same class gives the same bytes, in whichever order it was graded."""
    results = [half_right(submission=name) for name in ("zoe", "ada", "Émile", "bob")]
    content = gradebook.rows(results, CATALOG)
    assert content == gradebook.rows(reversed(results), CATALOG)
    assert [row["submission"] for row in table(*results)] == sorted(["zoe", "ada", "Émile", "bob"])


def test_empty_class_has_a_header() -> None:
    """Where nobody handed in, the table says at least what its columns would be."""
    assert table() == []
    assert b"submission,student,late" in gradebook.rows([], CATALOG)


def test_excel_finds_a_byte_order_mark() -> None:
    """The file begins with UTF-8's mark, without which Excel takes it for another encoding."""
    content = gradebook.rows([half_right(submission="Zoë 王")], CATALOG)
    assert content.startswith(codecs.BOM_UTF8 + b"submission,")
    assert "Zoë 王".encode() in content


@pytest.mark.parametrize("formula", FORMULAS)
def test_no_cell_is_a_formula(formula: str) -> None:
    """Whatever a submission is called and says, no cell begins as a formula does."""
    graded = result(
        exercise(graded_test(Status.MISSING), problem=formula),
        submission=formula,
        fingerprint=formula,
        kit_version=formula,
        not_checked=(formula,),
        origin=Origin(formula, False, (formula,), (formula,), {formula: formula}),
    )
    (row,) = table(graded)
    assert not [cell for cell in row.values() if cell.lstrip().startswith(FORMULA)]
    assert row["submission"].endswith(formula.strip())


def test_hostile_texts_stay_in_their_cell() -> None:
    """A hostile text adds neither a row nor a column, nor a control code."""
    (row,) = table(by_hand.hostile())
    assert None not in row
    assert not [cell for cell in row.values() if not cell.isprintable()]
    assert "forged" in row["submission"]
    assert len(HOSTILE) < 1000  # so that the cap isn't what makes it harmless


# --- platforms' files -------------------------------------------------------------------------

CELLS = st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\r"), max_size=6))


@PROPERTY
@given(st.lists(CELLS, max_size=4), st.sampled_from(",;"), st.booleans())
@example([["a;;;;", "b"], [], [""]], ",", True)
@example([["a,,,,", 'say "b"'], ["two\nlines"]], ";", False)
def test_file_that_is_read_and_written_keeps_every_cell(
    rows: list[list[str]], separator: str, mark: bool
) -> None:
    """Cells, separator and byte order mark come out as they went in."""
    written = sheets.written(sheets.Sheet(["Student", "ID"], rows, separator, "\n", mark))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file.csv")
        path.write_bytes(written)
        sheet = sheets.read(path)
    assert (sheet.rows, sheet.separator, sheet.mark) == (rows, separator, mark)
    assert sheets.written(sheet) == written


# --- numbers ----------------------------------------------------------------------------------

HUNDREDTHS = st.integers(0, 10_000)


@PROPERTY
@given(HUNDREDTHS, st.integers(1, 10_000), st.integers(1, 100_000))
@example(10, 10_000, 450)
@example(125, 1000, 1000)
def test_scaled_points_are_the_nearest_hundredth(score: int, most: int, full: int) -> None:
    """A scaled score is within half a hundredth of its exact value; a tie goes to the even one."""
    exact = Fraction(score) * Fraction(full, 100) / most
    got = Fraction(sheets.scaled(score / 100, most / 100, Fraction(full, 100)))
    assert abs(got - exact) <= Fraction(1, 200)
    if abs(got - exact) == Fraction(1, 200):
        assert got * 100 % 2 == 0


@PROPERTY
@given(HUNDREDTHS)
def test_same_scale_changes_nothing(score: int) -> None:
    """Where both have the same maximum, points are as they were."""
    assert Fraction(sheets.scaled(score / 100, 100.0, Fraction(100))) == Fraction(score, 100)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("100", 100),
        (" 100.0 ", 100),
        ("12,5", Fraction(25, 2)),
        ("1,000.50", Fraction(2001, 2)),
        ("1.000,50", Fraction(2001, 2)),
        (".5", Fraction(1, 2)),
        ("", None),
        ("-1", None),
        ("good", None),
        ("²", None),
    ],
)
def test_numbers_are_read_with_point_or_comma(cell: str, expected: Fraction | None) -> None:
    """A platform's numbers are read in its language's way of writing them."""
    assert sheets.number(cell) == expected
