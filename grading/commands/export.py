"""export: a class's points, for a platform or a spreadsheet."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grading import catalog as catalogs
from grading.commands.common import screen
from grading.files import refuse_hopeless, write_whole


def export(
    out: Annotated[Path, typer.Argument(help="what batch wrote with --out")],
    to: Annotated[Path, typer.Option("--to", "-o", help="the file to write")],
    canvas: Annotated[Path | None, typer.Option(help="gradebook exported from Canvas")] = None,
    canvas_new: Annotated[
        bool, typer.Option("--canvas-new", help="for Canvas, without its gradebook")
    ] = False,
    moodle: Annotated[Path | None, typer.Option(help="grading worksheet from Moodle")] = None,
    assignment: Annotated[str, typer.Option(help="its title or number in Canvas")] = "",
) -> None:
    """Write a class's points as a table.

    It is Canvas's or Moodle's, filled in, or a plain one.
    """
    from grading.report import export as exports  # only where asked for

    refuse_hopeless([to])
    target = exports.Target(canvas, canvas_new, moodle, assignment)
    content, notes = exports.export(out, target, catalogs.load())
    write_whole(to, content)
    for line in (*notes, f"{to} is written."):
        screen.print(line, soft_wrap=True)
