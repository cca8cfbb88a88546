"""Solution text → stub text: each block between the markers becomes a NotImplementedError."""

from __future__ import annotations

import re
from collections.abc import Iterator

from grading.errors import Misused

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
_BLOCK = re.compile(
    rf"^(?P<indent>[ \t]*){BEGIN}[ \t]*\n(?:(?!{BEGIN}|{END}).)*?^(?P=indent){END}[ \t]*$",
    re.MULTILINE | re.DOTALL,
)


class MarkerError(Misused):
    """The markers in a solution don't pair up. The text names the line."""


def stub_of(solution: str, filename: str) -> str:
    """The stub of a solution. Raises MarkerError where the markers don't pair up."""
    stub = _BLOCK.sub(r"\g<indent>raise NotImplementedError", solution)
    for number, line in enumerate(stub.splitlines(), start=1):
        if "## BEGIN SOLUTION" in line or "## END SOLUTION" in line:
            raise MarkerError(
                f"{filename}: a marker of the stub's line {number} has no partner "
                f"({line.strip()!r}); put BEGIN and END alone on their lines, equally indented"
            )
    if stub == solution:
        raise MarkerError(
            f"{filename} has no {BEGIN} … {END} block: nothing is left to the student"
        )
    return stub


def answers_of(solution: str) -> Iterator[re.Match[str]]:
    """Each block of a solution, its markers included."""
    return _BLOCK.finditer(solution)
