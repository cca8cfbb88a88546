"""build: write what is generated from solutions/ and from the misconceptions."""

from __future__ import annotations

from grading import catalog as catalogs
from grading import stubs
from grading.commands.common import Names, screen
from grading.errors import Misused
from grading.files import write_whole
from grading.report import terminal
from grading.session import starters


def build(names: Names = None) -> None:
    """Write exercises/ from solutions/.

    And write the numbers by which known mistakes are recognised.
    """
    catalog = catalogs.load()
    chosen = catalog.select(names or [])
    for exercise in chosen:
        solution = catalog.solution(exercise)
        if not solution.exists():
            raise Misused(f"{solution} is not here: stubs are built where the solutions are")
        stub = stubs.stub_of(solution.read_text(encoding="utf-8"), solution.name)
        write_whole(catalog.stub(exercise), stub.encode())
        screen.print(f"exercises/{exercise.stem}.py")
    starter = starters.starter(optimizers=catalogs.optimizers(chosen))
    try:
        from grading.proof import learn  # torch: after the worker server

        for exercise in chosen:
            if catalog.probes(exercise).exists():
                with terminal.count(screen, exercise.number) as heard:
                    numbers = learn.learn(catalog, exercise, starter, heard)
                write_whole(catalog.numbers(exercise), numbers)
                screen.print(f"tests/probes/{exercise.stem}.msgpack")
    finally:
        starter.close()
