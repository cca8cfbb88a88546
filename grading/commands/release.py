"""release: what students get, and what Gradescope gets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grading import catalog as catalogs
from grading.commands.common import LESS, errors, only_these, screen
from grading.counting import counted
from grading.results import DEFAULT_SEED


def release(
    folder: Annotated[Path, typer.Argument(help="new or empty folder to write to")],
    assignment: Annotated[str, typer.Option(metavar="NAME", help="what the zips are called")],
    only: Annotated[
        list[str] | None, typer.Option(help="some exercises only, such as ex01,ex03")
    ] = None,
    seed: Annotated[int, typer.Option(help="seed of Gradescope's grades")] = DEFAULT_SEED,
) -> None:
    """Make the students' zip and Gradescope's.

    It proves that no answer goes out with the students'.
    """
    from grading.handing_out import leaks  # only where asked for
    from grading.handing_out import release as releases

    catalog = catalogs.load()
    chosen = only_these(catalog, only)
    wanted = releases.Assignment(assignment, chosen, seed)
    try:
        for path, count in releases.release(catalog, wanted, folder):
            screen.print(f"{path}  {counted(count, 'file')}", soft_wrap=True)
    except leaks.LeakError as error:
        errors.print("Nothing is written: text of answers would go out.")
        errors.print(str(error), soft_wrap=True)
        raise typer.Exit(LESS) from None
    if seed == DEFAULT_SEED:
        screen.print("Gradescope grades under the seed that everybody knows: --seed takes yours.")
    screen.print("No line of a solution, and no answer or hidden test, is in the students' zip.")
