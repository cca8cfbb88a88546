"""What the commands share: exit codes, the two screens, options that several have."""

from __future__ import annotations

import sys
from typing import Annotated

import typer
from rich.console import Console

RIGHT, LESS, MISUSED, FAULT, INTERRUPTED = 0, 1, 2, 3, 130

screen = Console(highlight=False, file=sys.stdout)  # as it is now: pytest's own prints are caught
errors = Console(stderr=True, highlight=False)

Names = Annotated[
    list[str] | None, typer.Argument(help="exercises, such as ex01 ex03; all if none")
]
Seed = Annotated[int, typer.Option(help="seed of the drawn cases")]
