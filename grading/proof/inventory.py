"""Has an exercise all that it needs: a current stub, hints, tests and answers of every part?

Files are read, nothing is graded. What is missing is a `Fault`, with what to mend. How many tests
there are, `verify` counts: only pytest knows which it collects.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grading import stubs
from grading.catalog import Catalog, Exercise, Part
from grading.counting import counted
from grading.proof import learn
from grading.session.by_hand import torch_has
from grading.testing import answers, probes
from grading.testing.answers import Answer

POINTS = 10
"""Of an exercise."""

MIN_TESTS, MIN_HINTS, MIN_MISCONCEPTIONS, MIN_ALTERNATIVES = 2, 3, 4, 2


@dataclass(frozen=True)
class Fault:
    """Something about the kit that is not as it must be."""

    where: str
    what: str


def faults(catalog: Catalog, exercise: Exercise) -> Iterator[Fault]:
    """All that an exercise lacks. Raises Misused for a file that can't be read."""
    if broken := syntax_error(catalog.solution(exercise)):
        yield Fault(f"solutions/{exercise.stem}.py:{broken.lineno}", f"is no Python: {broken.msg}")
    else:
        yield from _of_stub(catalog, exercise)
        yield from _of_optimizers(catalog, exercise)
    yield from _of_tests(catalog, exercise)
    if exercise.points != POINTS:
        what = f"gives {counted(exercise.points, 'point')} in all; an exercise has {POINTS}"
        yield Fault(f"tests/visible/{exercise.stem}.toml", what)
    named = {
        kind: answers.read(catalog.answers(exercise, kind))
        for kind in ("misconceptions", "alternatives")
    }
    yield from _of_counts(named["misconceptions"], "misconceptions", MIN_MISCONCEPTIONS, exercise)
    yield from _of_counts(named["alternatives"], "alternatives", MIN_ALTERNATIVES, exercise)
    yield from _of_probes(catalog, exercise)
    for part in exercise.parts:
        yield from _of_part(exercise, part)
    for kind, given in named.items():
        yield from _of_names(given, kind, exercise)


def can_be_graded(catalog: Catalog, exercise: Exercise) -> bool:
    """Can answers to it be graded at all? What hinders that is among its faults."""
    by_hand = (name for part in exercise.parts for name in part.by_hand)
    readable = not syntax_error(catalog.solution(exercise))
    return readable and bool(catalog.tests(exercise)) and all(map(torch_has, by_hand))


def syntax_error(path: Path) -> SyntaxError | None:
    """What keeps Python from reading a file; None where nothing does."""
    try:
        ast.parse(path.read_bytes())
    except SyntaxError as error:
        return error
    return None


def _of_stub(catalog: Catalog, exercise: Exercise) -> Iterator[Fault]:
    """The stub is current, and says at each answer's place what to do."""
    stub = stubs.stub_of(
        catalog.solution(exercise).read_text(encoding="utf-8"), f"{exercise.stem}.py"
    )
    committed = catalog.stub(exercise)
    if not committed.exists() or committed.read_text(encoding="utf-8") != stub:
        yield Fault(f"exercises/{exercise.stem}.py", f"is not current: {_run_build(exercise)}")
    if stub.count("# TODO") < stub.count("raise NotImplementedError"):
        yield Fault(f"solutions/{exercise.stem}.py", "has an answer without a `# TODO:` above it")


def _of_optimizers(catalog: Catalog, exercise: Exercise) -> Iterator[Fault]:
    """Workers of an exercise import what optimizers need where steps of theirs are taken."""
    texts = (catalog.solution(exercise), *catalog.tests(exercise))
    named = any("torch.optim" in path.read_text(encoding="utf-8") for path in texts)
    data = f"tests/visible/{exercise.stem}.toml"
    if named and not exercise.optimizers:
        yield Fault(data, "lacks `optimizers = true`: the solution or a test names torch.optim")
    if exercise.optimizers and not named:
        yield Fault(data, "says `optimizers = true`, but solution and tests name no torch.optim")


def _run_build(exercise: Exercise) -> str:
    """What makes anew what is generated of an exercise."""
    return f"run `python grader.py build {exercise.number}`"


def _of_tests(catalog: Catalog, exercise: Exercise) -> Iterator[Fault]:
    """Both files of tests are there, and no test takes another's place by its name."""
    there = catalog.tests(exercise)
    for folder in ("visible", "hidden"):
        path = catalog.home / "tests" / folder / f"test_{exercise.stem}.py"
        if path not in there:
            yield Fault(f"tests/{folder}/{path.name}", "is not there")
        elif not syntax_error(path):
            body = ast.parse(path.read_text(encoding="utf-8")).body
            tests = [node.name for node in body if isinstance(node, ast.FunctionDef)]
            for name, count in Counter(tests).items():
                if count > 1:
                    what = f"has {count} functions of the name {name}: only the last counts"
                    yield Fault(f"tests/{folder}/{path.name}", what)


def _of_probes(catalog: Catalog, exercise: Exercise) -> Iterator[Fault]:
    """Probes can be read, are of parts that there are, and their numbers are sound."""
    path = catalog.probes(exercise)
    for part in probes.read(path):
        if part not in exercise.by_name:
            yield Fault(f"tests/probes/{path.name}", f"has probes of {part}, which is no part")
    where = f"tests/probes/{exercise.stem}.msgpack"
    if path.exists() and not learn.is_current(catalog, exercise):
        yield Fault(where, f"is not current: {_run_build(exercise)}")
    elif path.exists():
        yield from (Fault(where, fault) for fault in learn.faults(catalog, exercise))


def _of_counts(given: list[Answer], kind: str, least: int, exercise: Exercise) -> Iterator[Fault]:
    """Every part has enough answers of this kind."""
    counts = Counter(answer.part for answer in given)
    for part in exercise.parts:
        if counts[part.name] < least:
            yield Fault(
                f"tests/{kind}/{exercise.stem}.py",
                f"has {counts[part.name]} for {part.name}; at least {least} are needed",
            )


def _of_part(exercise: Exercise, part: Part) -> Iterator[Fault]:
    """A part has its hints, builds on parts above it, and does without what there is."""
    data = f"tests/visible/{exercise.stem}.toml"
    if len(part.hints) != MIN_HINTS:
        yield Fault(
            data, f"has {counted(len(part.hints), 'hint')} for {part.name}; {MIN_HINTS} are needed"
        )
    above = [other.name for other in exercise.parts[: exercise.parts.index(part)]]
    for used in part.uses:
        if used not in above:
            yield Fault(data, f"{part.name} uses {used}, which is no part above it")
    for name in part.by_hand:
        if not torch_has(name):
            yield Fault(data, f"{part.name} does without {name}, which torch doesn't have")


def _of_names(given: list[Answer], kind: str, exercise: Exercise) -> Iterator[Fault]:
    """Every answer has a name of its own, a part, and, where it is wrong, a sentence to say."""
    where = f"tests/{kind}/{exercise.stem}.py"
    for name, count in Counter(answer.name for answer in given).items():
        if count > 1:
            yield Fault(where, f"has {count} answers of the name {name}")
    for answer in given:
        if answer.part not in exercise.by_name:
            yield Fault(where, f"{answer.name} is for {answer.part}, which is no part")
        if kind == "misconceptions" and not answer.say:
            yield Fault(where, f"{answer.name} has no sentence to say")
