"""The screen that all commands write to, and its twin for errors."""

from __future__ import annotations

import codecs
import os
import sys

from rich.console import Console

PLAINLY = "plainly"
"""How a stream without Unicode writes the kit's own signs: never all of them as question marks."""

_PLAIN = {
    "✓": "+",
    "✗": "x",
    "☠": "x",
    "⚑": "!",
    "●": "#",
    "★": "*",
    "·": "-",
    "→": "->",
    "…": "...",
}


def _plainly(error: UnicodeError) -> tuple[str, int]:
    """What to write in place of what can't be encoded, and where to go on."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    signs = error.object[error.start : error.end]
    return "".join(_PLAIN.get(sign, "?") for sign in signs), error.end


codecs.register_error(PLAINLY, _plainly)


class Screen(Console):
    """Standard output, or standard error, which shows every text as it is: brackets are no markup.

    When its reader has left (`check | head -1`), it is `quiet`, and the program goes on.
    """

    def __init__(self, stderr: bool = False) -> None:
        # standard output as it is now: pytest's own prints are caught
        file = None if stderr else sys.stdout
        width = 80 if os.environ.get("COLUMNS") == "0" else None  # on which rich prints nothing
        super().__init__(file=file, stderr=stderr, width=width, highlight=False, markup=False)

    def on_broken_pipe(self) -> None:
        """Rich would end the program, with exit code 1."""
        self.give_up()

    def give_up(self) -> None:
        """Write what is left to nowhere: else Python tries again at its end, and says 120."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())
        os.close(nowhere)
