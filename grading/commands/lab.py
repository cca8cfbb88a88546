"""lab: draw an exercise's pictures from a submission's own functions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grading import catalog as catalogs
from grading.commands.common import screen
from grading.errors import Misused
from grading.files import make_folder
from grading.handed_in import intake
from grading.session import starters


def lab(
    exercise: Annotated[str, typer.Argument(help="such as ex05")],
    path: Annotated[Path | None, typer.Argument(help="folder or file to draw from")] = None,
    out: Annotated[Path | None, typer.Option(help="folder to write to; .kit/lab if none")] = None,
    format: Annotated[str, typer.Option(help="svg or png")] = "svg",
    csv: Annotated[bool, typer.Option("--csv", help="also write the numbers")] = False,
) -> None:
    """Draw an exercise's pictures from your own functions."""
    if format not in ("svg", "png"):
        raise Misused(f"--format is svg or png, not {format!r}")
    catalog = catalogs.load()
    found, folder = catalog.find(exercise), out or catalog.home / ".kit" / "lab"
    submission = intake.read(path or catalog.home / "exercises", catalog)
    starter = starters.starter(optimizers=found.optimizers)
    try:
        from grading.report import lab as pictures  # torch and matplotlib: after the worker server

        make_folder(folder)
        options = pictures.Options(folder, format, csv)
        lines = list(pictures.write_pictures(found, submission, starter, options))
        for line in lines or [f"{found.stem} has no pictures"]:
            screen.print(line, soft_wrap=True)
    finally:
        starter.close()
