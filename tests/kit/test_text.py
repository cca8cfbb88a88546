"""Proves that what comes from a submission is shown as it is, and that folded code stays code."""

from __future__ import annotations

import ast
from io import BytesIO, TextIOWrapper

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from grading.report import terminal
from grading.report.text import folded, visible
from tests.kit import results_by_hand


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.floats(-99, 99).map(lambda x: round(x, 2)), max_size=30), min_size=1))
def test_folded_code_means_the_same(rows: list[list[float]]) -> None:
    """A long line that is folded is the same Python, in lines of at most 80 columns."""
    code = f"x_t = torch.tensor({rows}, dtype=torch.float64)\nprint('got', f(x_t, 1))"
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


def test_commas_in_a_text_stay() -> None:
    """A text is never broken."""
    code = f"print('expected', {'a, b, ' * 30!r}, 1)"
    assert ast.literal_eval(
        folded(code, 80).split("(", 1)[1].rsplit(",", 1)[0].split(",", 1)[1].strip()
    )


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
