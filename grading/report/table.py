"""Rows → CSV that a spreadsheet opens as text and numbers, never as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

from grading.report.sheets import FORMULA
from grading.report.text import visible

MAX_CELL = 5_000
"""Characters of a text that a cell holds. A spreadsheet takes 32,767; a control code takes six."""


def csv_bytes(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as CSV in UTF-8, one line feed a row. Numbers stay as they are, None is empty.

    A text that a spreadsheet would take for a formula gets an apostrophe before it.
    """
    text = StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([cell(name) for name in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8", "backslashreplace")


def cell(value: object) -> object:
    """A value as it may stand in a cell: a text with control codes spelled out, and capped."""
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n")  # a reader begins a row at \r
    text = visible(text, MAX_CELL)
    return f"'{text}" if text.lstrip(" ").startswith((*FORMULA, "\t", "\n")) else text
