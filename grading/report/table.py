"""Rows → CSV that a spreadsheet opens as text and numbers, never as a formula.

A cell that begins with = + - @ would be a formula to a spreadsheet, and with a tab, a line feed or
spaces before it as well: a stranger's text gets an apostrophe before it (OWASP, "CSV Injection").
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from grading.report.text import visible

FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\n")
MAX_CELL = 5_000
"""Characters of a text that a cell holds. A spreadsheet takes 32,767; a control code takes six."""


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as CSV in UTF-8, one line feed a row. Numbers stay as they are, None is empty."""
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    for row in (header, *rows):
        writer.writerow([safe(cell) if isinstance(cell, str) else cell for cell in row])
    return text.getvalue().encode("utf-8", "backslashreplace")


def safe(text: str, limit: int = MAX_CELL) -> str:
    """A text as it may stand in a cell: capped, control codes spelled out, never a formula."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")  # a reader begins a row at \r
    shown = visible(lines, limit)
    return f"'{shown}" if shown.lstrip(" ").startswith(FORMULA) else shown
