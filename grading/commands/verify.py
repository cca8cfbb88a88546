"""verify: prove the kit."""

from __future__ import annotations

from typing import Annotated

import typer

from grading import catalog as catalogs
from grading.commands.common import LESS, RIGHT, Names, Seed, need_linux, screen
from grading.errors import Misused
from grading.report import terminal
from grading.results import DEFAULT_SEED
from grading.session import starters


def verify(
    names: Names = None,
    seed: Seed = DEFAULT_SEED,
    matrix: Annotated[bool, typer.Option("--matrix", help="print misconceptions × tests")] = False,
) -> None:
    """Prove the kit.

    Right answers earn everything, wrong ones lose, and every test is of use.
    """
    catalog = catalogs.load()
    chosen = catalog.select(names or [])
    for exercise in chosen:
        if not catalog.solution(exercise).exists():
            raise Misused(f"verify needs solutions/{exercise.stem}.py, which isn't there")
    need_linux("verify")
    starter = starters.ForkServer.launch(optimizers=catalogs.optimizers(chosen))
    try:
        from grading.proof import verify as verifying  # torch and pytest: after the worker server
        from grading.report import proof as proof_report

        with terminal.count(screen, "answers") as heard:
            proof = verifying.verify(catalog, chosen, starter, seed, heard)
    finally:
        starter.close()
    proof_report.show(proof, screen, matrix)
    raise typer.Exit(LESS if proof.faults else RIGHT)
