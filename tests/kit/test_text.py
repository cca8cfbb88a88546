"""Proves that what comes from a submission is shown as it is, and that folded code stays code."""

from __future__ import annotations

import ast
from io import BytesIO, StringIO, TextIOWrapper

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from rich.console import Console

from grading.report import facts, terminal
from grading.report.screen import PLAINLY
from grading.report.text import folded, visible
from grading.results import Override, Result, Status, overall
from tests.kit import results_by_hand

NUMBERS = st.floats(-99, 99).map(lambda x: round(x, 2))
TEXTS = st.text("ab ,;#([])'\"\\\n", max_size=20)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(NUMBERS | TEXTS, max_size=30), min_size=1))
def test_folded_code_means_the_same(rows: list[list[float | str]]) -> None:
    """A long line that is folded is the same Python, in lines of at most 80 columns."""
    code = f"x_t = given({rows}, dtype=torch.float64)\nprint('got', f(x_t, 1))"
    lines = folded(code, 80)
    assert ast.dump(ast.parse(lines)) == ast.dump(ast.parse(code))
    assert max(map(len, lines.splitlines())) <= 80


@pytest.mark.parametrize(
    "code",
    [
        "for k, p in model.named_parameters(): p.grad = {'a': torch.ones(2, 2), 'b': 1}[k]",
        "fc = f(1, 2); rnn = g(3, 4); model = h(); model.fc, model.rnn = fc, rnn; model.eval()",
        "print(1)\n# TypeError: linear(): argument 'input', the first, must be Tensor, not tuple",
    ],
)
def test_folded_statements_mean_the_same(code: str) -> None:
    """Commas outside brackets and comments are no places where Python goes on."""
    lines = folded(code, 40)
    assert ast.dump(ast.parse(lines)) == ast.dump(ast.parse(code))
    assert len(lines.splitlines()) > len(code.splitlines())


def test_line_that_was_cut_off_keeps_its_end() -> None:
    """A line that ends in the middle of a text is broken before that text, never in it."""
    assert folded("f(1, 'a, b, c", 8) == "f(1,\n    'a, b, c"


def test_line_that_can_not_be_broken_stays_whole() -> None:
    """Where a line is longer than it should be and Python goes on nowhere, it is left as it is."""
    code = f"x = {'y' * 99}"
    assert folded(code, 80) == code


def test_line_is_broken_where_it_can_be_and_no_further() -> None:
    """A piece without any place to break stays whole behind the one that was broken off."""
    assert folded(f"f(1, {'y' * 99})", 80) == f"f(1,\n    {'y' * 99})"


def test_commas_in_a_text_stay() -> None:
    """A text is never broken."""
    code = f"print('expected', {'a, b, ' * 30!r}, 1)"
    assert ast.literal_eval(
        folded(code, 80).split("(", 1)[1].rsplit(",", 1)[0].split(",", 1)[1].strip()
    )


def screen(graded: Result) -> str:
    """What `check` shows of a result."""
    out = StringIO()
    terminal.show(graded, Console(file=out, width=80))
    return out.getvalue()


def test_screen_tells_what_a_wrong_answer_looks_like() -> None:
    """A diagnosis stands with what was seen; where one part alone is left, none comes after it."""
    shown = screen(results_by_hand.half_right())
    assert "it seems" in shown
    assert "Your bias is not added." in shown
    assert "After that" not in shown


def test_screen_names_the_parts_that_are_left() -> None:
    """Behind the first part to work on, the next ones are named."""
    both = [results_by_hand.half_right().exercises[0] for _ in range(2)]
    assert "After that: rnn_step." in screen(results_by_hand.result(*both))


def test_wrong_answer_comes_before_the_error_that_it_may_have_led_to() -> None:
    """Of a part that raised in one test, the wrong answer of a test above it is shown first."""
    wrong = results_by_hand.graded_test(Status.FAILED, message="two in place of three")
    raised = results_by_hand.graded_test(Status.ERROR, message="an index is out of range")
    part = results_by_hand.exercise(raised, wrong).parts[0]
    assert part.status is Status.ERROR
    above = results_by_hand.exercise(wrong, raised)
    assert facts.failing(above, part) == [wrong, raised]


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        (Status.NOT_STARTED, Status.FAILED, Status.FAILED),
        (Status.ERROR, Status.TIMEOUT, Status.TIMEOUT),
        (Status.ERROR, Status.CRASHED, Status.CRASHED),
    ],
)
def test_failure_that_tells_how_the_part_ended_is_shown_first(
    first: Status, second: Status, shown: Status
) -> None:
    """Before others, wherever they stand, comes a wrong answer or what the part's own status is."""
    tests = [results_by_hand.graded_test(status) for status in (first, second)]
    graded = results_by_hand.exercise(*tests)
    part = replace(graded.parts[0], status=overall([first, second]))
    assert facts.failing(graded, part)[0].status is shown


def test_function_that_was_renamed_comes_before_one_not_begun() -> None:
    """A function that isn't in a file that is there is the first to mend; one not begun waits."""
    untouched = results_by_hand.exercise(results_by_hand.graded_test(Status.NOT_STARTED))
    renamed = results_by_hand.exercise(results_by_hand.graded_test(Status.MISSING))
    pair = facts.first_to_mend(results_by_hand.result(untouched, renamed))
    assert pair == (renamed, renamed.parts[0])


def test_visible_tests_alone_do_not_prove_all() -> None:
    """Where no hidden test ran, full marks are told as those of the visible tests."""
    passed, unseen = results_by_hand.graded_test(), results_by_hand.hidden(Status.PASSED)
    visibly = results_by_hand.result(results_by_hand.exercise(passed))
    wholly = results_by_hand.result(results_by_hand.exercise(passed, unseen))
    assert "Every visible test passes. The hidden ones" in screen(visibly)
    assert "Everything that was asked for is right." in screen(wholly)


def test_points_set_by_hand_are_not_called_all_that_was_asked_for() -> None:
    """Where all tests pass and points were set, both is said, and not that all is right."""
    tests = results_by_hand.graded_test(), results_by_hand.hidden(Status.PASSED)
    less = results_by_hand.exercise(*tests, override=Override(1.0, 2.0, "handed in twice"))
    shown = screen(results_by_hand.result(less))
    assert "Every test passes. Some points were set by hand." in shown
    assert "Everything that was asked for" not in shown


@pytest.mark.parametrize("code", ["\x1b[31m", "\x00", "\r", "\x9b"])
def test_control_codes_are_spelled_out(code: str) -> None:
    """What would steer the terminal is shown as text."""
    assert code not in visible(f"a{code}b")


@pytest.mark.parametrize(("width", "encoding"), [(40, "utf-8"), (60, "utf-8"), (80, "ascii")])
def test_screen_keeps_its_points_in_a_narrow_or_plain_terminal(width: int, encoding: str) -> None:
    """Points and words are whole at 40 and 60 columns; without Unicode, words and bars remain."""
    out = TextIOWrapper(BytesIO(), encoding)
    console = Console(file=out, width=width)
    console.print(terminal.score_table(results_by_hand.half_right(), console))
    out.seek(0)
    shown = out.read()
    assert "2.5 / 7.5" in shown
    assert "not right yet" in shown
    assert max(map(len, shown.splitlines())) <= width


def test_signs_are_told_apart_without_unicode() -> None:
    """What is right, wrong or caught has a sign of its own in any encoding."""
    out = TextIOWrapper(BytesIO(), "ascii", errors=PLAINLY)
    out.write("✓ ✗ ● · ü")
    out.seek(0)
    assert out.read() == "+ x # - ?"


@pytest.mark.parametrize(("problem", "left"), [("can't be loaded", "two."), ("", "rnn_step, two.")])
def test_what_comes_after_a_file_at_fault_is_in_another_file(problem: str, left: str) -> None:
    """What else is in a file that can't be loaded isn't named as what comes next."""
    test = results_by_hand.graded_test(Status.ERROR, message="can't be loaded")
    first = results_by_hand.exercise(test, problem=problem)
    first = replace(first, parts=(replace(first.parts[0], name="zero"), *first.parts))
    second = results_by_hand.exercise(test, id="ex02_torch_rnn")
    second = replace(second, parts=(replace(second.parts[0], name="two"),))
    first = replace(first, tests=(replace(test, part="zero"), test))
    assert f"After that: {left}" in screen(results_by_hand.result(first, second))


def test_second_line_of_a_problem_stands_below_its_first() -> None:
    """It doesn't begin at the edge, as what is to be pasted does."""
    graded = results_by_hand.exercise(results_by_hand.graded_test(), problem="word " * 30)
    (first, *others) = [
        line for line in screen(results_by_hand.result(graded)).splitlines() if "word" in line
    ]
    assert first.startswith("  ex01_recurrence: word")
    assert others
    assert all(line.startswith("  word") for line in others)


@settings(max_examples=50, deadline=None)
@given(
    st.integers(1, 150).flatmap(lambda most: st.tuples(st.integers(0, most * 100), st.just(most)))
)
@example((1500, 150))
@example((30, 3))
@example((999, 10))
def test_bar_is_never_fuller_than_the_points(points: tuple[int, int]) -> None:
    """A bar has a block for each whole tenth of the points: it is full for full marks alone."""
    hundredths, most = points
    test = results_by_hand.graded_test(Status.FAILED, points=float(most), earned=hundredths / 100)
    shown = screen(results_by_hand.result(results_by_hand.exercise(test)))
    assert shown.count("█") == 10 * hundredths // (100 * most)
    assert shown.count("█") + shown.count("░") == 10


@pytest.mark.parametrize("whole", [True, False])
def test_file_that_can_not_be_loaded_is_no_wrong_part(whole: bool) -> None:
    """What must hold of its first part, and a hint for that, lead nowhere: the file is named."""
    said = "ex01_recurrence.py:9 can't be loaded: SyntaxError: expected ':'"
    test = results_by_hand.graded_test(Status.ERROR, message=said)
    graded = results_by_hand.exercise(test, problem=said if whole else "")
    shown = screen(results_by_hand.result(graded))
    assert ("Work on this first: ex01_recurrence.py  (0 of 2.5 points)" in shown) == whole
    assert ("must hold" in shown) != whole
    assert ("a hint" in shown) != whole
