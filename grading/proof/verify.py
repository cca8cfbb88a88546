"""Proves the kit: that right answers earn everything, wrong ones lose, and each test is of use.

Every named answer of the kit is graded as a submission would be. What doesn't come out as it must
is a `Fault`, with what to mend.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from grading.catalog import Catalog, Exercise
from grading.cores import cores
from grading.errors import GraderFault
from grading.judging import diagnose
from grading.judging.grade import Job, Options, collect, fork_for_each, raise_fault
from grading.proof import authors, inventory
from grading.proof.inventory import MIN_TESTS, Fault
from grading.proof.trials import Trial, job_of, trials_of
from grading.results import (
    SNIPPET_HEADING,
    Diagnosis,
    ExerciseResult,
    Result,
    Status,
    TestResult,
)
from grading.session.starters import ForkServer

TRIVIAL_SHARE = 0.1
"""The share of a part's points that an answer which knows nothing may earn at most."""

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

    def fault(self, where: str, what: str) -> None:
        """Note a fault, once."""
        if (fault := Fault(where, what)) not in self.faults:
            self.faults.append(fault)


def verify(
    catalog: Catalog,
    exercises: tuple[Exercise, ...],
    starter: ForkServer,
    seed: int,
    told: Callable[[int, int], None] = lambda done, of: None,
) -> Proof:
    """Prove these exercises; `told` hears how many answers of how many are graded.

    Raises Misused for a file of the kit that can't be read, GraderFault for what no author of an
    exercise could mend.
    """
    proof = Proof()
    for exercise in exercises:
        proof.faults.extend(inventory.faults(catalog, exercise))
        proof.known.update(_known(catalog, exercise))
    trials = [trial for exercise in exercises for trial in trials_of(catalog, exercise)]
    if trials:
        _Grading(catalog, {trial.name: trial for trial in trials}, proof, told).run(starter, seed)
    _check_kills(proof)
    return proof


@dataclass
class _Grading:
    """Grades all trials in one run of pytest, and notes what each comes to."""

    catalog: Catalog
    trials: dict[str, Trial]
    proof: Proof
    told: Callable[[int, int], None]

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
            self.proof.faults.extend(mistakes)

    def _done(self, job: Job, result: Result) -> None:
        trial = self.trials[job.submission.name]
        if trial.kind == "solution":
            _count_tests(self.catalog, trial.exercise, result.exercises[0].tests, self.proof)
        _judge(trial, result, self.proof)
        self._ended(trial)

    def _failed(self, job: Job, text: str) -> None:
        mistakes = list(authors.in_tests(text))
        if not mistakes:
            raise_fault(job, text)
        for mistake in mistakes:
            self.proof.fault(mistake.where, mistake.what)
        self._ended(self.trials[job.submission.name])

    def _ended(self, trial: Trial) -> None:
        self.proof.tried[trial.kind] += 1
        self.told(sum(self.proof.tried.values()), len(self.trials))


# --- what is graded ---------------------------------------------------------------------------


def _known(catalog: Catalog, exercise: Exercise) -> Iterator[tuple[str, str]]:
    """The misconceptions that diagnosis knows; none where its numbers are of other files."""
    if not diagnose.is_current(catalog, exercise):
        return
    for numbers in diagnose.read(catalog.numbers(exercise)).parts.values():
        yield from ((exercise.stem, known.id) for known in numbers.known)


def _judge(trial: Trial, result: Result, proof: Proof) -> None:
    """Is this answer's grade what its kind must get?"""
    exercise = result.exercises[0]
    match trial.kind:
        case "solution":
            proof.tests[exercise.id] = [test.id for test in exercise.tests]
            _judge_right(trial, exercise, proof)
        case "alternative":
            _judge_right(trial, exercise, proof)
        case "stub":
            _judge_stub(trial, exercise, proof)
        case "misconception":
            _judge_wrong(trial, exercise, proof)
        case _:
            _judge_trivial(trial, exercise, proof)


def _judge_right(trial: Trial, exercise: ExerciseResult, proof: Proof) -> None:
    for test in exercise.tests:
        if test.status is not Status.PASSED:
            said = test.message.partition(f"\n\n{SNIPPET_HEADING}")[0]
            what = f"is right, but {test.id} says {test.status}: {said}"
            if trial.kind == "solution":  # of a hidden test the message says but the kind
                path, _, name = test.id.partition("::")
                what += f" (see `python -m pytest {path} -k {name} --submission=solutions`)"
            proof.fault(trial.name, what)


def _judge_stub(trial: Trial, exercise: ExerciseResult, proof: Proof) -> None:
    for test in exercise.tests:
        if test.status is not Status.NOT_STARTED:
            proof.fault(trial.name, f"is untouched, but {test.id} says {test.status}")


def _judge_wrong(trial: Trial, exercise: ExerciseResult, proof: Proof) -> None:
    assert trial.answer is not None
    part = trial.answer.part
    caught = {test.id for test in exercise.tests if test.status is not Status.PASSED}
    proof.kills.setdefault(exercise.id, {})[trial.answer.name] = caught
    allowed = _users(trial.exercise, part)
    slipped = _judge_slip(trial, exercise, proof)
    known = (exercise.id, trial.answer.name) in proof.known
    for scored in exercise.parts:
        lost = scored.score < scored.max_score
        if scored.name == part and not lost:
            proof.fault(trial.name, f"is wrong, but earns all points of {part}")
        if scored.name == part and known and not slipped:
            _judge_name(trial, scored.diagnosis, proof)
        if scored.name not in allowed and lost:
            proof.fault(trial.name, f"costs points in {scored.name}, which doesn't use {part}")


def _judge_slip(trial: Trial, exercise: ExerciseResult, proof: Proof) -> bool:
    """Is an answer wrong not as it was meant, but by a slip of its author, which fails any test?"""
    assert trial.answer is not None
    for test in exercise.tests:
        slipped = test.status is Status.ERROR and _SLIP.search(test.message)
        if slipped and test.part == trial.answer.part:
            said = _AT.sub("", test.message.partition("\n")[0])
            proof.fault(trial.name, f"has a slip of its author's, and so fails any test: {said}")
            return True
    return False


_AT = re.compile(r"\A\S+\.py:\d+ | \(\S+\.py:\d+[^)]*\)\Z")
"""A place in the submission that was made of the answer, which is nobody's file."""
_SLIP = re.compile(r"\ANameError\b|\A\S+ can't be loaded: ")


def _judge_name(trial: Trial, diagnosis: Diagnosis | None, proof: Proof) -> None:
    """Is a known mistake called by its name, or by that of one that can't be told from it?"""
    assert trial.answer is not None
    names = (diagnosis.id, *diagnosis.also) if diagnosis else ()
    if trial.answer.name not in names:
        proof.fault(trial.name, f"is called {' or '.join(names) or 'nothing'} by diagnosis")


def _judge_trivial(trial: Trial, exercise: ExerciseResult, proof: Proof) -> None:
    assert trial.answer is not None
    for scored in exercise.parts:
        if scored.name == trial.answer.part and scored.score > TRIVIAL_SHARE * scored.max_score:
            passed = [
                test.id.rpartition("::")[2]
                for test in exercise.tests
                if test.part == scored.name and test.status is Status.PASSED
            ]
            proof.fault(
                trial.name,
                f"knows nothing, but earns {scored.score} of {scored.max_score}: "
                f"{', '.join(passed)}",
            )


def _users(exercise: Exercise, part: str) -> set[str]:
    """A part and those that say they use it, directly or not."""
    users = {part}
    for other in exercise.parts:
        if users.intersection(other.uses):
            users.add(other.name)
    return users


def _count_tests(
    catalog: Catalog, exercise: Exercise, tests: tuple[TestResult, ...], proof: Proof
) -> None:
    """Every part has enough tests in each file, as pytest collected them."""
    counts = Counter((test.visibility, test.part) for test in tests)
    for path in catalog.tests(exercise):
        for part in exercise.parts:
            count = counts[path.parent.name, part.name]
            if count < MIN_TESTS:
                where = f"tests/{path.parent.name}/{path.name}"
                proof.fault(where, f"has {count} tests of {part.name}; {MIN_TESTS} are needed")


def _check_kills(proof: Proof) -> None:
    for stem, tests in proof.tests.items():
        killing = set().union(*proof.kills.get(stem, {}).values())
        for test in tests:
            if test not in killing:
                proof.fault(test, "kills nothing: no misconception fails it")
