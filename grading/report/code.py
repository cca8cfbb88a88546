"""The code of one part, line by line, with the line marked at which it raised."""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass

from markupsafe import Markup
from pygments import highlight  # type: ignore[import-untyped]
from pygments.formatters import HtmlFormatter  # type: ignore[import-untyped]
from pygments.lexers import PythonLexer  # type: ignore[import-untyped]

from grading.report.text import visible

MAX_LINES = 40
MAX_WIDTH = 160
MAX_PARSED = 100_000
"""Characters of a file that is parsed for where its parts stand: honest ones have a tenth."""

_AROUND = 3


@dataclass(frozen=True)
class Line:
    """One line of source: its number, its text as HTML, and whether it is the one that raised."""

    number: int
    html: Markup
    raised: bool


def lines_of(source: str, stem: str, part: str, message: str) -> tuple[Line, ...]:
    """The part's lines as they are to be shown; none where the message names no line of it.

    `message` names the line as `stem.py:LINE`. A file that can't be parsed is shown around it.
    """
    raised = _line_in(message, stem)
    lines = source.rstrip("\n").split("\n")
    total = len(lines)
    if not 1 <= raised <= total:
        return ()
    first, last = _span(source, part) or (raised - _AROUND, raised + _AROUND)
    if not first <= raised <= last:
        first, last = raised - _AROUND, raised + _AROUND
    if last - first >= MAX_LINES:
        first = max(first, raised - MAX_LINES // 2)
        last = first + MAX_LINES - 1
    first, last = max(first, 1), min(last, total)
    shown = [visible(line, MAX_WIDTH) for line in lines[first - 1 : last]]
    numbered = enumerate(_coloured(shown), start=first)
    return tuple(Line(number, html, number == raised) for number, html in numbered)


def _line_in(message: str, stem: str) -> int:
    found = re.search(rf"\b{re.escape(stem)}\.py:(\d{{1,7}})", message)
    return int(found.group(1)) if found else 0


def _span(source: str, part: str) -> tuple[int, int] | None:
    """First and last line of a function or class, as it was defined last.

    Nothing for a long file: a mebibyte can take a second and half a gibibyte of a process that
    writes the pages of a whole class.
    """
    if len(source) > MAX_PARSED:
        return None
    try:
        with warnings.catch_warnings(action="ignore"):
            body = ast.parse(source).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    found = [node for node in body if isinstance(node, kinds) and node.name == part]
    return (found[-1].lineno, found[-1].end_lineno or found[-1].lineno) if found else None


def _coloured(lines: list[str]) -> list[Markup]:
    lexer = PythonLexer(stripnl=False, ensurenl=False)
    text = highlight("\n".join(lines), lexer, HtmlFormatter(nowrap=True, classprefix="py-"))
    coloured = [Markup(line) for line in text.rstrip("\n").split("\n")]
    return [*coloured, *[Markup("")] * (len(lines) - len(coloured))]
