"""doctor: what this machine offers for shutting in a student's code."""

from __future__ import annotations

import typer

from grading.commands.common import LESS, RIGHT, screen
from grading.session import starters
from grading.worker import confine


def doctor() -> None:
    """Say how well this machine shuts code in.

    It names each measure against a student's code, and how to get those that are missing.
    """
    steps = confine.tried()  # first: beside a server this process is closed to its own forks too
    starter = starters.starter(optimizers=False)
    try:
        from grading import doctor as doctors  # torch: after the worker server
        from grading.report import doctor as report

        examination = doctors.examine(steps, starter)
    finally:
        starter.close()
    report.show(examination, screen)
    raise typer.Exit(RIGHT if examination.strangers else LESS)
