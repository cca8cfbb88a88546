"""What the commands share: exit codes, the two screens, options that several have."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from grading.catalog import Catalog, Exercise
from grading.errors import Misused
from grading.report.screen import Screen
from grading.session import isolation

RIGHT, LESS, MISUSED, FAULT, INTERRUPTED = 0, 1, 2, 3, 130

screen = Screen()
errors = Screen(stderr=True)

Names = Annotated[
    list[str] | None, typer.Argument(help="exercises, such as ex01 ex03; all if none")
]
Level = Annotated[
    str, typer.Option("--isolation", help=f"{', '.join(isolation.LEVELS)}; strongest if none")
]
Seed = Annotated[int, typer.Option(help="seed of the drawn cases")]
VisibleOnly = Annotated[bool, typer.Option("--visible-only", help="leave hidden tests out")]


def listed(text: str) -> list[str]:
    """The names in a text that has commas between them."""
    return [name.strip() for name in text.split(",") if name.strip()]


def only_these(catalog: Catalog, only: list[str] | None) -> tuple[Exercise, ...]:
    """The exercises that `--only` names, given once or more often; all where it names none."""
    return catalog.select(listed(",".join(only or [])))


def need_linux(what: str) -> None:
    """Raises Misused on other systems, where no warm process can be forked."""
    if sys.platform != "linux":
        raise Misused(f"{what} needs Linux: run it in a Linux container or virtual machine")


def known_level(level: str) -> str:
    """A level of isolation by its name; no name for the strongest. Raises Misused."""
    if level and level not in isolation.LEVELS:
        raise Misused(f"--isolation is {', '.join(isolation.LEVELS)}; not {level!r}")
    if level and sys.platform != "linux":
        raise Misused("--isolation needs Linux: leave it out here")
    return level
