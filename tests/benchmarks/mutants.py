"""Changes one operator, number or keyword of a solution at a time: do the graded tests notice?

    python -m tests.benchmarks.mutants [ex01 …] [--at-once N]

Every change (a mutant) is graded as a submission would be. One that still earns full marks has
survived: either it is another right answer, and equivalent_mutants.toml says why, or the graded
tests have a hole. The exit code is 1 for a hole, and for an entry of that file that is out of date.
"""

from __future__ import annotations

import argparse
import ast
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.mutating import mutate_code
from cosmic_ray.operators.operator import Operator
from cosmic_ray.plugins import get_operator, operator_names
from rich.console import Console

from grading import catalog as catalogs
from grading import stubs
from grading.catalog import Catalog, Exercise
from grading.cores import cores
from grading.handed_in.intake import Submission
from grading.judging.grade import Job, Options, grade_many
from grading.report import terminal
from grading.results import ExerciseResult, Result, Status, TestResult
from grading.session.starters import ForkServer
from tests.benchmarks.figures import Figure

ROUNDS, QUICK = len(catalogs.load().exercises), 1
EQUIVALENT = Path(__file__).with_name("equivalent_mutants.toml")

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
    def name(self) -> str:
        """What its submission is called."""
        return f"{self.part}, line {self.number}: {self.after}"

    @property
    def change(self) -> Change:
        """What the list of equivalent mutants knows it by."""
        return self.part, self.before, self.after


@dataclass(frozen=True)
class Outcome:
    """What became of an exercise's mutants: how many ended by a deadline, and who survived."""

    mutants: list[Mutant]
    survivors: list[Mutant]
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


@dataclass(frozen=True)
class Bench:
    """What grades an exercise's mutants, so many at once."""

    catalog: Catalog
    starter: ForkServer
    at_once: int
    screen: Console

    def outcome(self, exercise: Exercise) -> Outcome:
        """Grade an exercise's solution, then its mutants. Exits where the solution fails a test."""
        solution = self.catalog.solution(exercise).read_text(encoding="utf-8")
        right = self.grades(exercise, {exercise.stem: solution})
        if failed := _failed(right[exercise.stem]):
            sys.exit(f"{exercise.stem}: the solution itself fails {failed[0].id}")
        found = mutants(solution)
        results = self.grades(exercise, {mutant.name: mutant.source for mutant in found})
        failures = {mutant: _failed(results[mutant.name]) for mutant in found}
        survivors = [mutant for mutant in found if not failures[mutant]]
        timeouts = [tests for tests in failures.values() if any(map(_timed_out, tests))]
        return Outcome(found, survivors, len(timeouts))

    def grades(self, exercise: Exercise, sources: dict[str, str]) -> dict[str, ExerciseResult]:
        """Grade sources as submissions of an exercise; by name, both ways."""
        stem, results = exercise.stem, dict[str, ExerciseResult]()
        jobs = [Job(Submission(name, {stem: sources[name]}), (exercise,)) for name in sources]
        options = Options((exercise,), shrink=False)

        def done(job: Job, result: Result) -> None:
            results[job.submission.name] = result.exercises[0]
            told(len(results), len(jobs))

        with terminal.count(self.screen, stem) as told:
            grade_many(jobs, self.catalog, options, self.starter, done, self.at_once)
        return results


def _failed(result: ExerciseResult) -> list[TestResult]:
    return [test for test in result.tests if test.status is not Status.PASSED]


def _timed_out(test: TestResult) -> bool:
    return test.status is Status.TIMEOUT


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
    """The counts, each survivor as a diff of its line, each entry that is out of date."""
    made, survived = len(outcome.mutants), len(outcome.survivors)
    killed = f"{made - survived} killed ({outcome.timeouts} by a deadline)"
    alive = f"{survived} survived ({len(holes(outcome, known))} of them holes)"
    yield f"{stem}: {made} mutants, {killed}, {alive}"
    for mutant in outcome.survivors:
        yield f"  {mutant.part}, line {mutant.number}"
        yield from _diff(mutant.change, known.get(mutant.change, "a hole: no graded test fails"))
    for change, why in outdated(outcome, known).items():
        yield f"  {change[0]}, in {EQUIVALENT.name}"
        yield from _diff(change, f"out of date: {why}")


def _diff(change: Change, remark: str) -> Iterable[str]:
    return f"    -{change[1]}", f"    +{change[2]}", f"     {remark}"


def measure(rounds: int) -> Iterator[Figure]:
    """Mutants, survivors and faults of the first so many exercises; what is wrong is printed."""
    wrong = Wrong()
    for exercise, outcome in graded(catalogs.load().exercises[:rounds], cores()):
        known = equivalents(exercise.stem)
        wrong.add(outcome, known)
        if holes(outcome, known) or outdated(outcome, known):
            print(*report(exercise.stem, outcome, known), sep="\n", file=sys.stderr, flush=True)
    yield Figure("mutants: graded", wrong.mutants)
    yield Figure("mutants: survived", wrong.survivors)
    yield Figure("mutants: survived without a known reason", wrong.holes, most=0)
    yield Figure("mutants: entries out of date", wrong.outdated, most=0)


@dataclass
class Wrong:
    """Counts over exercises."""

    mutants: int = 0
    survivors: int = 0
    holes: int = 0
    outdated: int = 0

    def add(self, outcome: Outcome, known: dict[Change, str]) -> None:
        """Count an exercise."""
        self.mutants += len(outcome.mutants)
        self.survivors += len(outcome.survivors)
        self.holes += len(holes(outcome, known))
        self.outdated += len(outdated(outcome, known))


def graded(exercises: Iterable[Exercise], at_once: int) -> Iterator[tuple[Exercise, Outcome]]:
    """What became of the mutants of each exercise."""
    bench = Bench(catalogs.load(), ForkServer.launch(), at_once, Console(stderr=True))
    try:
        for exercise in exercises:
            yield exercise, bench.outcome(exercise)
    finally:
        bench.starter.close()


def main(arguments: list[str]) -> int:
    """Grade the mutants of the exercises that are asked for; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.mutants")
    parser.add_argument("names", nargs="*", metavar="ex01", help="exercises; all if none")
    parser.add_argument("--at-once", type=int, default=cores(), metavar="N")
    asked, wrong = parser.parse_args(arguments), Wrong()
    for exercise, outcome in graded(catalogs.load().select(asked.names), asked.at_once):
        known = equivalents(exercise.stem)
        print(*report(exercise.stem, outcome, known), sep="\n", flush=True)
        wrong.add(outcome, known)
    return 1 if wrong.holes or wrong.outdated else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
