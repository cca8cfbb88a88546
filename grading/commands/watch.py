"""watch: grade again what is saved."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grading import catalog as catalogs
from grading.commands.common import Seed, screen
from grading.handed_in import intake
from grading.results import DEFAULT_SEED
from grading.session import starters


def watch(
    path: Annotated[Path | None, typer.Argument(help="folder or file to watch")] = None,
    seed: Seed = DEFAULT_SEED,
) -> None:
    """Grade again what is saved. Keys: h hint, a grade all, n next, q quit."""
    catalog = catalogs.load()
    path = path or catalog.home / "exercises"
    intake.read(path, catalog)
    starter = starters.starter()
    try:
        from grading.watching import watch as watching  # torch and pytest: after the worker server

        watching.watch(path, catalog, seed, starter, screen)
    finally:
        starter.close()
