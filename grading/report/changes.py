"""changes.csv: whose score is not what it was, and why; a line is added before its result is kept.

So a batch that ends anywhere loses no change, and none is told twice: where a line was written and
its result was not kept any more, the next run finds the same change and the line that is there.
"""

from __future__ import annotations

import csv
import time
from io import StringIO
from pathlib import Path

from grading.classes.renew import Change
from grading.files import append, refusals_of, write_whole
from grading.report.table import csv_bytes

NAME = "changes.csv"
_FIGURES = ("before", "max_before", "now", "max_now")
_HEADER = ("submission", *_FIGURES, "why", "parts", "when")


class Changes:
    """The file, to which lines are added. Raises WriteError and DiskFullError."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with refusals_of(path):
            content = path.read_bytes() if path.exists() else b""
        whole = content[: content.rfind(b"\n") + 1]
        if content != whole and len(_rows(content)[-1]) < len(_HEADER):
            write_whole(path, whole)  # it was ended in the middle of its last line
            content = whole
        header = csv_bytes(_HEADER, ())
        self._begin = b"" if header.rstrip() in content else header
        self._last = {row[0]: row[1:5] for row in _rows(content) if len(row) == len(_HEADER)}

    def add(self, change: Change) -> None:
        """Add a line, unless it is the last one of this submission already."""
        figures = [str(figure) for figure in _figures(change)]
        if self._last.get(change.name) == figures:
            return
        parts, when = ", ".join(change.parts), time.strftime("%Y-%m-%d %H:%M:%S%z")
        row = csv_bytes((change.name, *figures, change.why, parts, when), ())
        append(self._path, self._begin + row)
        self._begin = b""
        self._last[change.name] = figures


def _figures(change: Change) -> tuple[float, ...]:
    return change.before, change.max_before, change.now, change.max_now


def _rows(content: bytes) -> list[list[str]]:
    return list(csv.reader(StringIO(content.decode("utf-8", "replace"), newline="")))
