"""Changes one operator, number or keyword of a solution at a time: do the graded tests notice?

    python -m tests.benchmarks.mutants [ex01 …] [--at-once N]

Every change (a mutant) is graded as a submission would be. One that still earns full marks has
survived: either it is another right answer, and equivalent_mutants.toml says why, or the graded
tests have a hole. The exit code is 1 for a hole, and for an entry of that file that is out of date.
"""

from __future__ import annotations

import argparse
import ast
import os
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names
from rich.console import Console

from grading import catalog as catalogs
from grading import stubs
from grading.catalog import Catalog, Exercise
from grading.intake import Submission
from grading.process import ForkServer
from grading.report import terminal
from grading.results import ExerciseResult, Result, Status

EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")
SEED = 20260
SOLUTION = "the solution"

Change = tuple[str, str, str]
"""A part, a line of it, and what the line has become."""


@dataclass(frozen=True)
class Mutant:
    """A solution with one line changed."""

    part: str
    number: int
    before: str
    after: str
    source: str

    @property
    def change(self) -> Change:
        """What the list of equivalent mutants knows it by."""
        return self.part, self.before, self.after


@dataclass
class Outcome:
    """What became of an exercise's mutants: how many ended by a deadline, and who survived."""

    mutants: list[Mutant]
    survivors: list[Mutant] = field(default_factory=list)
    timeouts: int = 0


# --- the mutants ------------------------------------------------------------------------------


def mutants(solution: str) -> list[Mutant]:
    """Every mutant of the text between the markers, each but once."""
    lines, tree = solution.splitlines(), ast.parse(solution)
    found, seen = [], {_meaning(solution), None}
    for number, source in _mutations(solution, answer_lines(solution)):
        meaning = _meaning(source)
        if meaning not in seen:
            seen.add(meaning)
            before = lines[number - 1]
            after = _tidy(before, source.splitlines()[number - 1])
            found.append(Mutant(_part(tree, number), number, before.strip(), after.strip(), source))
    return sorted(found, key=lambda mutant: mutant.number)


def answer_lines(solution: str) -> set[int]:
    """The numbers of the lines that stand between the markers."""
    lines, inside = set(), False
    for number, line in enumerate(solution.splitlines(), start=1):
        inside = line.strip() == stubs.BEGIN or (inside and line.strip() != stubs.END)
        if inside:
            lines.add(number)
    return lines


def _mutations(solution: str, lines: set[int]) -> Iterator[tuple[int, str]]:
    """Each mutation that begins in one of these lines: the line, and the whole text after it."""
    nodes = list(ast_nodes(get_ast(solution)))
    for operator in _operators():
        starts = [start for node in nodes for start, _ in operator.mutation_positions(node)]
        for occurrence, (line, _) in enumerate(starts):
            if line in lines:
                yield line, mutate_code(solution, operator, occurrence)


def _operators() -> Iterator[Operator]:
    """Cosmic Ray's operators, but for those with arguments: they draw at random."""
    for name in operator_names():
        operator = get_operator(name)
        if not operator.arguments():
            yield operator()


def _meaning(source: str) -> str | None:
    """What Python reads, without type annotations; None for what it can't read."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        for name in ("annotation", "returns"):
            if hasattr(node, name):
                setattr(node, name, None)
    return ast.dump(tree)


def _part(tree: ast.Module, number: int) -> str:
    """The function or class that holds a line."""
    for node in tree.body:
        if node.lineno <= number <= (node.end_lineno or number):
            return str(getattr(node, "name", ""))
    return ""


def _tidy(before: str, after: str) -> str:
    """Without the space that Cosmic Ray puts before some of what it puts in."""
    pairs = enumerate(zip(before, after, strict=False))
    same = next((i for i, (old, new) in pairs if old != new), len(before))
    return after[:same] + after[same:].lstrip()


# --- their grades -----------------------------------------------------------------------------


def grade(
    exercise: Exercise, catalog: Catalog, starter: ForkServer, at_once: int, screen: Console
) -> Outcome:
    """Grade all mutants of an exercise, and its solution, which must earn full marks."""
    from grading.grade import Job, Options, grade_many  # torch and pytest: after the worker server

    solution = catalog.solution(exercise).read_text(encoding="utf-8")
    outcome = Outcome(mutants(solution))
    by_name = {f"mutant {i}": mutant for i, mutant in enumerate(outcome.mutants, start=1)}
    sources = {SOLUTION: solution} | {name: mutant.source for name, mutant in by_name.items()}
    jobs = [Job(Submission(name, {exercise.stem: sources[name]}), (exercise,)) for name in sources]
    ended: list[str] = []

    def done(job: Job, result: Result) -> None:
        _judge(by_name.get(job.submission.name), result.exercises[0], outcome)
        ended.append(job.submission.name)
        told(len(ended), len(jobs))

    with terminal.count(screen, exercise.stem) as told:
        options = Options((exercise,), SEED, shrink=False)
        grade_many(jobs, catalog, options, starter, done, at_once)
    return outcome


def _judge(mutant: Mutant | None, result: ExerciseResult, outcome: Outcome) -> None:
    """Note what became of a mutant. Exits where the solution itself (None) fails a test."""
    statuses = {test.id: test.status for test in result.tests}
    failed = [test for test, status in statuses.items() if status is not Status.PASSED]
    if mutant is None and failed:
        sys.exit(f"{SOLUTION} of {result.id} fails {failed[0]}: there is nothing to measure")
    if mutant is not None and not failed:
        outcome.survivors.append(mutant)
    outcome.timeouts += Status.TIMEOUT in statuses.values()


# --- the survivors that may -------------------------------------------------------------------


def equivalents(stem: str, path: Path = EQUIVALENT) -> dict[Change, str]:
    """The changes that leave an exercise's answer right, each with its reason."""
    parts = tomllib.loads(path.read_text(encoding="utf-8")).get(stem, {})
    return {
        (part, entry["before"], after): entry["reason"]
        for part, entries in parts.items()
        for entry in entries
        for after in entry["after"]
    }


def holes(outcome: Outcome, known: dict[Change, str]) -> list[Mutant]:
    """The survivors that nobody has shown to be right."""
    return [mutant for mutant in outcome.survivors if mutant.change not in known]


def outdated(outcome: Outcome, known: dict[Change, str]) -> dict[Change, str]:
    """Entries of the list that no survivor needs, and what to make of each."""
    made = {mutant.change for mutant in outcome.mutants}
    survived = {mutant.change for mutant in outcome.survivors}
    return {
        change: "a graded test refuses it" if change in made else "there is no such mutant"
        for change in known
        if change not in survived
    }


# --- what is printed --------------------------------------------------------------------------


def report(stem: str, outcome: Outcome, known: dict[Change, str]) -> Iterator[str]:
    """The counts, each survivor as a diff of its line, and each entry that is out of date."""
    made, survived = len(outcome.mutants), len(outcome.survivors)
    unknown = len(holes(outcome, known))
    killed = f"{made - survived} killed ({outcome.timeouts} by a deadline)"
    fate = f"{survived} survived ({survived - unknown} right answers, {unknown} holes)"
    yield f"{stem}: {made} mutants, {killed}, {fate}"
    for mutant in outcome.survivors:
        yield f"  {mutant.part}, line {mutant.number}"
        yield from _diff(mutant.change, known.get(mutant.change, "a hole: no graded test fails"))
    for change, why in outdated(outcome, known).items():
        yield f"  {change[0]}, in {EQUIVALENT.name}"
        yield from _diff(change, f"out of date: {why}")


def _diff(change: Change, remark: str) -> Iterable[str]:
    return f"    -{change[1]}", f"    +{change[2]}", f"     {remark}"


def main(arguments: list[str]) -> int:
    """Grade the mutants of the exercises that are asked for; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.mutants")
    parser.add_argument("names", nargs="*", metavar="ex01", help="exercises; all if none")
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1, metavar="N")
    asked = parser.parse_args(arguments)
    catalog, screen, wrong = catalogs.load(), Console(stderr=True), 0
    starter = ForkServer.launch()
    try:
        for exercise in catalog.select(asked.names):
            known = equivalents(exercise.stem)
            outcome = grade(exercise, catalog, starter, asked.at_once, screen)
            print(*report(exercise.stem, outcome, known), sep="\n", flush=True)
            wrong += len(holes(outcome, known)) + len(outdated(outcome, known))
    finally:
        starter.close()
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
