"""Has an exercise all that it needs: a current stub, hints, tests and answers of every part?

Files are read, nothing is graded. What is missing is a `Fault`, with what to mend.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from grading import answers, diagnose, stubs
from grading.answers import Answer
from grading.catalog import Catalog, Exercise, Part

MIN_TESTS, MIN_HINTS, MIN_MISCONCEPTIONS, MIN_ALTERNATIVES = 2, 3, 4, 2


@dataclass(frozen=True)
class Fault:
    """Something about the kit that is not as it must be."""

    where: str
    what: str


def faults(catalog: Catalog, exercise: Exercise) -> Iterator[Fault]:
    """All that an exercise lacks."""
    yield from _of_stub(catalog, exercise)
    named = {
        kind: answers.read(catalog.answers(exercise, kind))
        for kind in ("misconceptions", "alternatives")
    }
    yield from _of_counts(named["misconceptions"], "misconceptions", MIN_MISCONCEPTIONS, exercise)
    yield from _of_counts(named["alternatives"], "alternatives", MIN_ALTERNATIVES, exercise)
    for fault in diagnose.faults(catalog, exercise):
        yield Fault(f"tests/probes/{exercise.stem}", fault)
    for part in exercise.parts:
        yield from _of_part(catalog, exercise, part)
    for kind, given in named.items():
        yield from _of_names(given, kind, exercise)


def _of_stub(catalog: Catalog, exercise: Exercise) -> Iterator[Fault]:
    """The stub is current, and says at each answer's place what to do."""
    stub = stubs.stub_of(
        catalog.solution(exercise).read_text(encoding="utf-8"), f"{exercise.stem}.py"
    )
    committed = catalog.stub(exercise)
    if not committed.exists() or committed.read_text(encoding="utf-8") != stub:
        yield Fault(f"exercises/{exercise.stem}.py", "is not current: run `grader.py build`")
    if stub.count("# TODO") < stub.count("raise NotImplementedError"):
        yield Fault(f"solutions/{exercise.stem}.py", "has an answer without a `# TODO:` above it")


def _of_counts(given: list[Answer], kind: str, least: int, exercise: Exercise) -> Iterator[Fault]:
    """Every part has enough answers of this kind."""
    counts = Counter(answer.part for answer in given)
    for part in exercise.parts:
        if counts[part.name] < least:
            yield Fault(
                f"tests/{kind}/{exercise.stem}.py",
                f"has {counts[part.name]} for {part.name}; at least {least} are needed",
            )


def _of_part(catalog: Catalog, exercise: Exercise, part: Part) -> Iterator[Fault]:
    """A part has its hints, builds on parts above it, and has enough tests of both kinds."""
    data = f"tests/visible/{exercise.stem}.toml"
    if len(part.hints) != MIN_HINTS:
        yield Fault(data, f"has {len(part.hints)} hints for {part.name}; {MIN_HINTS} are needed")
    above = [other.name for other in exercise.parts[: exercise.parts.index(part)]]
    for used in part.uses:
        if used not in above:
            yield Fault(data, f"{part.name} uses {used}, which is no part above it")
    for path in catalog.tests(exercise):
        count = path.read_text(encoding="utf-8").count(f'mark.part("{part.name}"')
        if count < MIN_TESTS:
            where = f"tests/{path.parent.name}/{path.name}"
            yield Fault(where, f"has {count} tests of {part.name}; {MIN_TESTS} are needed")


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
