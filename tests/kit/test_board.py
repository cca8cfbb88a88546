"""The board of `watch`: what a student who types a key reads, and what each save changed."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from rich.console import Console

from grading.catalog import Catalog, Exercise, Part
from grading.report import news
from grading.results import PartResult, Result, Status
from grading.watching.board import Board
from tests.kit.results_by_hand import exercise, graded_test, half_right, result

PART = Part("rnn_step", 10, ("Look at the bias.", "Add b.", "h = tanh(… + b)"))
STEM = "ex01_recurrence"
RIGHT = result(exercise(graded_test(), graded_test(), graded_test()))


class Watched:
    """A board, and what it has printed since it was last asked."""

    def __init__(self, home: Path) -> None:
        self._text = io.StringIO()
        console = Console(file=self._text, width=100, highlight=False)
        self.catalog = Catalog(home, (Exercise(STEM, "The recurrence by hand", (PART,)),))
        self.board = Board(self.catalog, home / "submission", console)

    def told(self) -> str:
        """What was printed since the last call."""
        text = self._text.getvalue()
        self._text.truncate(0)
        self._text.seek(0)
        return text


def watched(home: Path, first: Result) -> Watched:
    """A board that has taken a first result."""
    made = Watched(home)
    made.board.take(first, whole=True)
    return made


def test_where_all_is_right_there_is_no_hint(tmp_path: Path) -> None:
    """Who asks for a hint with nothing left to do is told that, and sees no rung."""
    seen = watched(tmp_path, RIGHT)
    seen.told()
    seen.board.hint()
    assert seen.told() == "  Everything is right: there is nothing to hint at.\n"


def test_where_all_is_right_nothing_comes_next(tmp_path: Path) -> None:
    """Who asks for the next part with nothing left to do is told that."""
    seen = watched(tmp_path, RIGHT)
    seen.told()
    seen.board.next()
    assert seen.told() == "  Everything is right: there is nothing left to do.\n"


def test_hints_climb_the_ladder_of_the_part_in_focus(tmp_path: Path) -> None:
    """First comes what the answers look like, then one rung more each time that a hint is asked."""
    seen = watched(tmp_path, half_right())
    seen.told()
    rungs = [f"hint {rung} of 3" for rung in (1, 2, 3)]
    ladder = [("what your answers look like", "Your bias is not added.")]
    for rung, text in ladder + list(zip(rungs, PART.hints, strict=True)):
        seen.board.hint()
        told = seen.told()
        assert f"rnn_step · {rung}" in told
        assert text in told


def test_mended_part_leaves_nothing_in_focus(tmp_path: Path) -> None:
    """After the save that makes the last part right, a hint is about nothing any more."""
    seen = watched(tmp_path, half_right())
    seen.board.take(RIGHT, whole=False)
    assert "✓ right: rnn_step" in seen.told()
    seen.board.hint()
    assert "nothing to hint at" in seen.told()


@pytest.mark.parametrize(
    ("first", "then", "told"),
    [
        (half_right(), RIGHT, "Since the last time: ✓ right: rnn_step"),
        (RIGHT, half_right(), "Since the last time: ✗ no longer right: rnn_step"),
        (RIGHT, RIGHT, ""),
    ],
    ids=["mended", "spoiled", "the same"],
)
def test_what_turned_between_two_runs_is_told(
    tmp_path: Path, first: Result, then: Result, told: str
) -> None:
    """Who begins to watch again reads which parts turned since; where none did, nothing."""
    watched(tmp_path, first)
    said = watched(tmp_path, then).told()
    assert told in said
    assert ("Since the last time" in said) is bool(told)


def test_file_that_can_not_be_loaded_is_told_in_its_line_and_shown(tmp_path: Path) -> None:
    """The line has the error, and below it stands what was seen, with the line of code."""
    said = "ex01_recurrence.py:9 can't be loaded: SyntaxError: invalid syntax\n    def broken(:"
    broken = result(exercise(graded_test(Status.ERROR, message=said), problem=said))
    seen = watched(tmp_path, RIGHT)
    seen.told()
    seen.board.take(broken, whole=False)
    line, shown = seen.told().split("\n", maxsplit=1)
    assert "! ex01_recurrence.py:9 can't be loaded: SyntaxError: invalid syntax" in line
    assert "Work on this: ex01_recurrence.py" in shown
    assert "def broken(:" in shown


def test_points_that_moved_are_told_where_nothing_turned() -> None:
    """A part that earns more and still isn't right is told with its points before and now."""
    text = io.StringIO()
    before = {"rnn_step": PartResult("rnn_step", Status.FAILED, 0.0, 7.5)}
    news.show(half_right().exercises[0], before, 0.5, Console(file=text, width=100))
    assert "rnn_step 0 → 2.5 points" in text.getvalue()
