"""The screen that follows a batch: what it came to, where it lies, and what went wrong."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console

from grading.classes.renew import Change, Summary
from grading.report import tally
from grading.report.tally import Tally
from grading.results import Isolation, Result, Status
from tests.kit.results_by_hand import HOSTILE, exercise, graded_test, half_right, result

RIGHT = result(exercise(graded_test(), graded_test(), graded_test()))


def screen(summary: Summary, *results: Result) -> str:
    """What a batch with these results shows."""
    out, counted = StringIO(), Tally()
    assert len(list(counted.count(results))) == len(results)
    tally.show(summary, counted, [Path("out/class.html")], Console(file=out, width=200))
    return out.getvalue()


def test_scores_are_summed_up() -> None:
    """Who graded a class reads its median, its lowest and its highest score, and the full marks."""
    shown = screen(Summary(graded=2), half_right(), RIGHT)
    assert "2 graded now, 0 as they were graded before." in shown
    assert "Scores of 7.5: median 5, lowest 2.5, highest 7.5." in shown
    assert "isolation: process" in shown


def test_class_of_nobody_has_no_scores() -> None:
    """Where nothing was graded there is no median to tell, and no isolation was needed."""
    shown = screen(Summary())
    assert "Scores" not in shown
    assert "isolation: none needed" in shown
    assert "out/class.html" in shown


BROKEN = result(exercise(graded_test(Status.ERROR), problem="line 7 can't be loaded"))


@pytest.mark.parametrize(
    "others", [(), (RIGHT,), (BROKEN,)], ids=["nobody", "somebody", "with an error"]
)
def test_class_without_any_file_is_asked_about(others: tuple[Result, ...]) -> None:
    """Where nobody handed in a file of these exercises, the folder may be the wrong one."""
    missing = result(exercise(graded_test(Status.MISSING), problem="it isn't there"))
    shown = screen(Summary(graded=1), missing, *others)
    assert ("Not one submission holds a file of these exercises" in shown) == (not others)


@pytest.mark.parametrize(
    ("told", "last"),
    [("Traceback …\n  line 3\nKeyError: 'x'\n", "KeyError: 'x'"), (" \n", "it said nothing")],
    ids=["an error", "nothing"],
)
def test_faults_of_the_grader_are_told_by_name(told: str, last: str) -> None:
    """A submission on which the grader itself failed is named, with the last thing it said."""
    shown = screen(Summary(faults={"ada": told}))
    assert "The grader itself failed on ada; no points were given or taken:" in shown
    assert f"    {last}\n" in shown
    assert "Traceback" not in shown


def test_name_of_a_submission_steers_no_terminal() -> None:
    """Whatever a submission is called, no control code reaches the screen."""
    shown = screen(Summary(faults={HOSTILE: HOSTILE}))
    assert shown.replace("\n", "").isprintable()
    assert "forged" in shown


@pytest.mark.parametrize(
    ("status", "says"),
    [
        (Status.VIOLATION, "broke the protocol, which you should look at: 1."),
        (Status.CRASHED, "under which the worker died: 1."),
        (Status.TIMEOUT, "ran out of time (--retry timeout, --time-factor 2): 1."),
    ],
)
def test_troubled_submissions_are_counted(status: Status, says: str) -> None:
    """A submission counts once for each kind of trouble, however many of its tests had it."""
    graded = result(exercise(graded_test(status), graded_test(status)))
    assert says in " ".join(screen(Summary(graded=2), graded, RIGHT).split())


def test_trouble_that_has_no_sentence_is_not_counted() -> None:
    """Of the statuses only those are counted that the screen tells of."""
    counted = Tally()
    missing = result(exercise(graded_test(Status.MISSING), graded_test(Status.TIMEOUT)))
    assert len(list(counted.count([missing]))) == 1
    assert counted.troubled.keys() == {Status.TIMEOUT}


def test_changed_score_is_told_with_full_marks_where_these_changed() -> None:
    """After another --only both are told; else the numbers are enough."""
    other = Change("ada", 100.0, 100.0, 40.0, 40.0, "what was asked changed", ())
    same = Change("ben", 0.0, 100.0, 2.5, 100.0, "the kit changed", ("rnn_step 0 → 2.5",))
    shown = screen(Summary(changes=[other, same]))
    assert "    ada: 100 of 100 → 40 of 40 (what was asked changed)\n" in shown
    assert "    ben: 0 → 2.5 (the kit changed; rnn_step 0 → 2.5)\n" in shown


def test_override_of_what_is_not_graded_now_is_told() -> None:
    """Its exercise is named; one that counts isn't."""
    given = {"ada": {"ex05_gradients/clip_gradients": 1, "ex01_recurrence/rnn_step": 1}}
    (note,) = tally.unused(given, ["ex01_recurrence"])
    assert note == "Overrides that don't count, as ex05 is not graded now: 1."


def test_overrides_of_several_that_are_not_graded_now_are_counted() -> None:
    """All that don't count are counted, and each of their exercises is named once."""
    ada = {"ex07_char_rnn/sample": 1, "ex05_gradients/clip_gradients": 1, "ex01_a/step": 1}
    given = {"ada": ada, "ben": {"ex05_gradients/clip_gradients": 2}}
    (note,) = tally.unused(given, ["ex01_a"])
    assert re.findall(r"\bex\d\d\b", note) == ["ex05", "ex07"]
    assert re.findall(r"\b\d+\b", note) == ["3"]


def test_files_that_were_not_taken_are_counted() -> None:
    """A submission with a problem is counted; one that wasn't started says nothing of isolation."""
    missing = result(
        exercise(graded_test(Status.MISSING), problem="it was a link"),
        isolation=Isolation("not started", ()),
    )
    shown = screen(Summary(graded=1), missing)
    assert "Submissions with a file that is missing, not taken or not loaded: 1." in shown
    assert "isolation: none needed" in shown
