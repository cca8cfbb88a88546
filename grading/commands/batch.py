"""batch: grade a class."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from grading import catalog as catalogs
from grading.classes.store import RESULTS, is_of_batch
from grading.commands.common import (
    FAULT,
    RIGHT,
    Level,
    Seed,
    VisibleOnly,
    known_level,
    listed,
    need_linux,
    only_these,
    screen,
)
from grading.cores import cores
from grading.errors import Misused
from grading.report.text import visible
from grading.results import DEFAULT_SEED, Status


def batch(
    folder: Annotated[Path, typer.Argument(help="the class: a folder, or a platform's download")],
    out: Annotated[Path, typer.Option(help="folder for the results")],
    jobs: Annotated[
        int | None, typer.Option(min=1, help="submissions at once; one a processor if none")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option(help="such as ex01,ex03; all exercises if none")
    ] = None,
    seed: Seed = DEFAULT_SEED,
    retry: Annotated[str, typer.Option(help="grade these again: timeout, crashed …")] = "",
    time_factor: Annotated[
        float, typer.Option(min=0.1, max=1000.0, help="stretches every deadline")
    ] = 1.0,
    visible_only: VisibleOnly = False,
    level: Level = "",
    allow_unconfined: Annotated[
        bool,
        typer.Option(
            "--allow-unconfined", help="grade where files, network or signals aren't denied"
        ),
    ] = False,
    executor: Annotated[str, typer.Option(help="local or dask")] = "local",
    scheduler: Annotated[str, typer.Option(help="address of the Dask scheduler")] = "",
) -> None:
    """Grade a class. Goes on where it was ended, and grades nothing twice."""
    from grading import batch as batches  # only where asked for
    from grading.classes.orders import Setup
    from grading.handed_in import downloads

    _refuse_contradictions(executor, scheduler, jobs)
    if executor == "local":
        need_linux("batch")
    catalog = catalogs.load()
    chosen = only_these(catalog, only)
    setup = Setup(
        exercises=tuple(exercise.stem for exercise in chosen),
        seed=str(seed),
        isolation=known_level(level),
        confined=not allow_unconfined,
        visible_only=visible_only,
        time_factor=time_factor,
    )
    options = batches.Options(setup, out, jobs or cores(), scheduler, _statuses(retry))
    entries = downloads.find(folder, catalog, chosen, without=_results_in(folder, out))
    summary = batches.grade_class(entries, catalog, options, screen)
    raise typer.Exit(FAULT if summary.faults else RIGHT)


def _refuse_contradictions(executor: str, scheduler: str, jobs: int | None) -> None:
    """Raises Misused for options of which one would be forgotten."""
    if executor not in ("local", "dask") or (executor == "dask") != bool(scheduler):
        raise Misused("--executor is local, or dask together with --scheduler ADDRESS")
    if executor == "dask" and jobs is not None:
        raise Misused("--jobs is for this machine; the cluster has its own: leave it out")


def _results_in(folder: Path, out: Path) -> list[str]:
    """What lies in the class and is no submission: `out`, and what another batch wrote to.

    Raises Misused where `out` is a submission.
    """
    here, own = folder.resolve(), out.resolve()
    earlier = [item for item in sorted(folder.glob("*/")) if is_of_batch(item)]
    for item in (item for item in earlier if item.resolve() != own):
        name = visible(item.name, 80)
        screen.print(f"  {name} holds the results of a batch: it is no submission.")
    names = [item.name for item in earlier]
    if not own.is_relative_to(here):
        return names
    steps = own.relative_to(here).parts
    if len(steps) != 1 or (out.exists() and not (out / RESULTS).is_dir()):
        raise Misused(f"--out {out} is in the class itself; name a new folder beside {folder}")
    return [*names, *steps]


def _statuses(text: str) -> frozenset[Status]:
    known = [str(status) for status in Status]
    for name in listed(text):
        if name not in known:
            raise Misused(f"--retry takes statuses such as timeout, not {name!r}")
    return frozenset(Status(name) for name in listed(text))
