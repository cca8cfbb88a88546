"""Rows → CSV that a spreadsheet opens as text and numbers, never as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from io import StringIO

_FORMULA = ("=", "+", "-", "@", "\t", "\n")
"""Beginnings that spreadsheets take for a formula (OWASP, "CSV Injection")."""


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
    """A value as it may stand in a cell."""
    if not isinstance(value, str):
        return value
    text = value.replace("\0", "\\x00").replace("\r\n", "\n")
    text = text.replace("\r", "\n")  # csv doesn't quote it, and readers begin a row there
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text
