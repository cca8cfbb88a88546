"""CSV files as spreadsheets and platforms write them: read, filled in, and written back."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from io import StringIO
from pathlib import Path

from grading.report import table

MAX_DIGITS = 100
"""Of a number in a cell."""


class SheetError(ValueError):
    """A CSV file isn't what it should be; the text says which, and why."""


@dataclass
class Sheet:
    """A header and rows of cells, and how the file writes them."""

    header: list[str]
    rows: list[list[str]]
    separator: str = ","
    line_end: str = "\r\n"
    mark: bool = False

    def column(self, name: str) -> int | None:
        """Where the column of this name stands, however its letters are written."""
        names = [cell.strip().casefold() for cell in self.header]
        return names.index(name.casefold()) if name.casefold() in names else None


@dataclass
class Filled:
    """What came of filling a file: students with a grade, those who had another, rows without."""

    students: int = 0
    regraded: int = 0
    without: int = 0

    def put(self, row: list[str], place: int, grade: str) -> None:
        """Put a student's grade into its cell, and count."""
        before = row[place].strip()
        self.students += 1
        self.regraded += before != "" and number(before) != number(grade)
        row[place] = grade

    def sentence(self, where: str) -> str:
        """How many were filled, in one line."""
        said = "1 student's" if self.students == 1 else f"{self.students} students'"
        said += " points are filled in"
        if self.regraded:
            said += f", {self.regraded} of them had another grade before"
        if self.without:
            have = "has" if self.without == 1 else "have"
            said += f"; {self.without} of the {where} {have} no result here"
        return said


def read(path: Path, advice: str = "download it anew") -> Sheet:
    """A CSV file, with or without byte order mark, its cells apart by commas or semicolons.

    The first such sign is the separator: no platform has one in its first column's name. Raises
    SheetError, whose text leaves it to the caller to name the file, and ends in the advice where
    the file is in another encoding.
    """
    try:
        content = path.read_bytes()
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise SheetError(f"it can't be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise SheetError(f"it is not UTF-8 (at byte {error.start}): {advice}") from None
    first_line = text.partition("\n")[0]
    separator = next((sign for sign in first_line if sign in ",;"), ",")
    try:
        cells = list(csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True))
    except csv.Error as error:
        raise SheetError(f"it is no CSV file: {error}") from None
    if not cells:
        raise SheetError("it is empty")
    line_end = "\r\n" if first_line.endswith("\r") else "\n"
    return Sheet(cells[0], cells[1:], separator, line_end, content.startswith(codecs.BOM_UTF8))


def written(sheet: Sheet) -> bytes:
    """The file's content: UTF-8, with a byte order mark where the sheet bears one."""
    text = StringIO()
    writer = csv.writer(text, delimiter=sheet.separator, lineterminator=sheet.line_end)
    writer.writerows([sheet.header, *sheet.rows])
    mark = codecs.BOM_UTF8 if sheet.mark else b""
    return mark + text.getvalue().encode()


def one_line(text: str, limit: int = 500) -> str:
    """A stranger's text as a cell of one line."""
    return table.safe(" ".join(text.split()), limit)


def joined(texts: Sequence[str], limit: int = 2000) -> str:
    """Several texts in one cell."""
    return one_line("; ".join(texts), limit)


def number(cell: str) -> Fraction | None:
    """The number in a cell, with a decimal point or comma (the last such sign); None if none."""
    whole, sign, decimals = cell.strip().replace(",", ".").rpartition(".")
    digits = whole.replace(".", "") + decimals
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > MAX_DIGITS:
        return None
    return Fraction(int(digits), 10 ** len(decimals) if sign else 1)


def points(value: float) -> str:
    """Points as they are: two decimals at most."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def scaled(score: float, max_score: float, full: Fraction) -> str:
    """A score on a scale with another maximum: exact, to two decimals, a tie to the even digit."""
    if not max_score:
        return points(score)
    exact = Fraction(round(score * 100)) * full / Fraction(round(max_score * 100))
    return points(round(exact * 100) / 100)
