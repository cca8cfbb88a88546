"""Proves the kit: that right answers earn everything, wrong ones lose, and each test is of use.

Every named answer of the kit is graded as a submission would be. What doesn't come out as it must
is a `Fault`, with what to mend.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from grading.catalog import Catalog, Exercise
from grading.cores import cores
from grading.counting import counted
from grading.errors import GraderFault
from grading.judging import known
from grading.judging.grade import Job, Options, collect, fork_for_each, raise_fault
from grading.proof import authors, demands, inventory, learn
from grading.proof.inventory import MIN_TESTS, Fault
from grading.proof.trials import Trial, job_of, trials_of
from grading.results import Result, TestResult, Visibility
from grading.session.starters import ForkServer

KINDS = ("solution", "stub", "misconception", "alternative", "trivial")


@dataclass
class Proof:
    """What `verify` found: faults, how many answers of each kind it tried, and the kill matrix.

    `kills[stem][misconception]` are the ids of the tests that catch it; `known` are the stems and
    names of the misconceptions that diagnosis must call by their names.
    """

    faults: list[Fault] = field(default_factory=list)
    tried: Counter[str] = field(default_factory=Counter)
    tests: dict[str, list[str]] = field(default_factory=dict)
    kills: dict[str, dict[str, set[str]]] = field(default_factory=dict)
    known: set[tuple[str, str]] = field(default_factory=set)

    def note(self, faults: Iterable[Fault]) -> None:
        """Note faults, each once."""
        self.faults.extend(fault for fault in dict.fromkeys(faults) if fault not in self.faults)


def verify(
    catalog: Catalog,
    exercises: tuple[Exercise, ...],
    starter: ForkServer,
    seed: int,
    heard: Callable[[int, int], None] = lambda done, of: None,
) -> Proof:
    """Prove these exercises; `heard` gets how many answers of how many are graded.

    Raises Misused for a file of the kit that can't be read, GraderFault for what no author of an
    exercise could mend.
    """
    proof = Proof()
    for exercise in exercises:
        proof.note(inventory.faults(catalog, exercise))
        proof.known.update(_known(catalog, exercise))
    trials = [trial for exercise in exercises for trial in trials_of(catalog, exercise)]
    if trials:
        _Grading(catalog, {trial.name: trial for trial in trials}, proof, heard).run(starter, seed)
    proof.note(_killing_nothing(proof))
    return proof


@dataclass
class _Grading:
    """Grades all trials in one run of pytest, and notes what each comes to."""

    catalog: Catalog
    trials: dict[str, Trial]
    proof: Proof
    heard: Callable[[int, int], None]

    def run(self, starter: ForkServer, seed: int) -> None:
        """Grade them all. Raises GraderFault where that fails, and not for a mistake in tests."""
        exercises = tuple(dict.fromkeys(trial.exercise for trial in self.trials.values()))
        jobs, at_once = map(job_of, self.trials.values()), cores()
        try:
            collect(
                self.catalog,
                Options(exercises, seed, shrink=False),
                lambda run: fork_for_each(run, jobs, starter, self._done, self._failed, at_once),
            )
        except GraderFault as fault:
            mistakes = list(authors.in_collecting(str(fault)))
            if not mistakes:
                raise
            self.proof.note(mistakes)

    def _done(self, job: Job, result: Result) -> None:
        trial, exercise = self.trials[job.submission.name], result.exercises[0]
        proof, stem, answer = self.proof, exercise.id, trial.answer
        if trial.kind == "solution":
            proof.tests[stem] = [test.id for test in exercise.tests]
            proof.note(_too_few_tests(self.catalog, trial.exercise, exercise.tests))
        if answer is not None and trial.kind == "misconception":
            caught = {test.id for test in demands.failing(exercise)}
            proof.kills.setdefault(stem, {})[answer.name] = caught
        is_known = answer is not None and (stem, answer.name) in proof.known
        proof.note(demands.faults(trial, exercise, is_known))
        self._ended(trial)

    def _failed(self, job: Job, text: str) -> None:
        mistakes = list(authors.in_tests(text))
        if not mistakes:
            raise_fault(job, text)
        self.proof.note(mistakes)
        self._ended(self.trials[job.submission.name])

    def _ended(self, trial: Trial) -> None:
        self.proof.tried[trial.kind] += 1
        self.heard(sum(self.proof.tried.values()), len(self.trials))


def _known(catalog: Catalog, exercise: Exercise) -> Iterator[tuple[str, str]]:
    """The misconceptions that diagnosis knows; none where its numbers are of other files."""
    if not learn.is_current(catalog, exercise):
        return
    for numbers in known.read(catalog.numbers(exercise)).parts.values():
        yield from ((exercise.stem, mistake.id) for mistake in numbers.known)


def _too_few_tests(
    catalog: Catalog, exercise: Exercise, tests: tuple[TestResult, ...]
) -> Iterator[Fault]:
    """The files that have too few tests of a part, as pytest collected them."""
    counts = Counter((test.visibility, test.part) for test in tests)
    for path in catalog.tests(exercise):
        for part in exercise.parts:
            count = counts[Visibility(path.parent.name), part.name]
            if count < MIN_TESTS:
                where = f"tests/{path.parent.name}/{path.name}"
                yield Fault(
                    where, f"has {counted(count, 'test')} of {part.name}; {MIN_TESTS} are needed"
                )


def _killing_nothing(proof: Proof) -> Iterator[Fault]:
    """The tests that no misconception fails."""
    for stem, tests in proof.tests.items():
        killing = set().union(*proof.kills.get(stem, {}).values())
        for test in tests:
            if test not in killing:
                yield Fault(test, "kills nothing: no misconception fails it")
