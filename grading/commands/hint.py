"""hint: the next rung of a part's ladder."""

from __future__ import annotations

from typing import Annotated

import typer

from grading import catalog as catalogs
from grading import hints
from grading.commands.common import screen
from grading.errors import Misused
from grading.report import terminal


def hint(
    exercise: Annotated[str, typer.Argument(help="such as ex03, or one of its parts")],
    part: Annotated[
        str, typer.Argument(help="a part of it; the first that isn't right if none")
    ] = "",
    reset: Annotated[bool, typer.Option("--reset", help="start again at the first rung")] = False,
) -> None:
    """Give the next rung of the hint ladder."""
    catalog = catalogs.load()
    ladder = hints.Ladder(catalog.home)
    if not part and (owner := catalogs.of_part(catalog.exercises, exercise)):
        exercise, part = owner.stem, exercise
    found = catalog.find(exercise)
    if part and part not in found.by_name:
        raise Misused(f"{found.stem} has no part {part!r}; it has: {', '.join(found.by_name)}")
    terminal.show_hint(ladder.next(found, part or ladder.first(found), reset), screen)
