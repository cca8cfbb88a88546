"""The screen that all commands write to, and its twin for errors."""

from __future__ import annotations

import os
import sys

from rich.console import Console


class Screen(Console):
    """Standard output, or standard error, which shows every text as it is: brackets are no markup.

    When its reader has left (`check | head -1`), it is `quiet`, and the program goes on.
    """

    def __init__(self, stderr: bool = False) -> None:
        # standard output as it is now: pytest's own prints are caught
        file = None if stderr else sys.stdout
        super().__init__(file=file, stderr=stderr, highlight=False, markup=False)

    def on_broken_pipe(self) -> None:
        """Write what is left to nowhere; rich would end the program, with exit code 1."""
        self.quiet = True
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self.file.fileno())
        os.close(nowhere)
