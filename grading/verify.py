"""Proves the kit: that right answers earn everything, wrong ones lose, and each test is of use.

Every named answer of the kit is graded as a submission would be. What doesn't come out as it must
is a `Fault`, with what to mend.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from grading import answers, by_hand, diagnose, inventory, stubs
from grading.answers import Answer
from grading.catalog import Catalog, Exercise
from grading.grade import Job, Options, grade_many
from grading.intake import Submission
from grading.inventory import Fault
from grading.results import Diagnosis, ExerciseResult, Result, Status
from grading.starters import ForkServer

TRIVIAL_SHARE = 0.1
"""The share of a part's points that an answer which knows nothing may earn at most."""

KINDS = ("solution", "stub", "misconception", "alternative", "trivial")


@dataclass(frozen=True)
class Trial:
    """One answer to grade, what kind of answer it is, and where the solution's text ends in it."""

    kind: str
    exercise: Exercise
    answer: Answer | None
    source: str
    end: int = 0

    @property
    def name(self) -> str:
        """How a fault names it."""
        tail = f"/{self.answer.part}/{self.answer.name}" if self.answer else ""
        return f"{self.kind} {self.exercise.stem}{tail}"


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
        """Note a fault."""
        self.faults.append(Fault(where, what))


def verify(
    catalog: Catalog,
    exercises: tuple[Exercise, ...],
    starter: ForkServer,
    seed: int,
    told: Callable[[int, int], None] = lambda done, of: None,
) -> Proof:
    """Prove these exercises; `told` hears how many answers of how many are graded."""
    proof = Proof()
    for exercise in exercises:
        proof.faults.extend(inventory.faults(catalog, exercise))
        proof.known.update(_known(catalog, exercise))
    trials = [trial for exercise in exercises for trial in _trials(catalog, exercise)]
    by_name = {trial.name: trial for trial in trials}

    def done(job: Job, result: Result) -> None:
        _judge(by_name[job.submission.name], result, proof)
        told(sum(proof.tried.values()), len(trials))

    grade_many(map(_job, trials), catalog, Options(exercises, seed, shrink=False), starter, done)
    _check_kills(proof)
    return proof


# --- what is graded ---------------------------------------------------------------------------


def _known(catalog: Catalog, exercise: Exercise) -> Iterator[tuple[str, str]]:
    """The misconceptions that diagnosis knows."""
    for numbers in diagnose.read(catalog.numbers(exercise)).parts.values():
        yield from ((exercise.stem, known.id) for known in numbers.known)


def _trials(catalog: Catalog, exercise: Exercise) -> Iterator[Trial]:
    solution = catalog.solution(exercise).read_text(encoding="utf-8")
    end = solution.count("\n") + 1
    yield Trial("solution", exercise, None, solution)
    yield Trial("stub", exercise, None, stubs.stub_of(solution, f"{exercise.stem}.py"))
    for kind in ("misconception", "alternative"):
        for answer in answers.read(catalog.answers(exercise, f"{kind}s")):
            yield Trial(kind, exercise, answer, answer.submission(solution), end)
    for part in exercise.parts:
        for answer in answers.trivial(part.name):
            yield Trial("trivial", exercise, answer, answer.submission(solution), end)


def _job(trial: Trial) -> Job:
    sources = {trial.exercise.stem: trial.source}
    return Job(Submission(trial.name, sources), (_touched(trial),))


def _touched(trial: Trial) -> Exercise:
    """The exercise with those parts to which the answer can make a difference.

    A part that comes to nothing behind the solution's text is the solution's own, and so are its
    grades.
    """
    source, end = trial.source, trial.end
    parts = (p for p in trial.exercise.parts if by_hand.reaches_beyond(source, p.name, end))
    return replace(trial.exercise, parts=tuple(parts))


def _judge(trial: Trial, result: Result, proof: Proof) -> None:
    """Is this answer's grade what its kind must get?"""
    proof.tried[trial.kind] += 1
    exercise = result.exercises[0]
    match trial.kind:
        case "solution" | "alternative":
            _judge_right(trial, exercise, proof)
        case "stub":
            _judge_stub(trial, exercise, proof)
        case "misconception":
            _judge_wrong(trial, exercise, proof)
        case _:
            _judge_trivial(trial, exercise, proof)


def _judge_right(trial: Trial, exercise: ExerciseResult, proof: Proof) -> None:
    proof.tests.setdefault(exercise.id, [test.id for test in exercise.tests])
    for test in exercise.tests:
        if test.status is not Status.PASSED:
            proof.fault(trial.name, f"is right, but {test.id} says {test.status}: {test.message}")


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
    for scored in exercise.parts:
        lost = scored.score < scored.max_score
        if scored.name == part and not lost:
            proof.fault(trial.name, f"is wrong, but earns all points of {part}")
        if scored.name == part and (exercise.id, trial.answer.name) in proof.known:
            _judge_name(trial, scored.diagnosis, proof)
        if scored.name not in allowed and lost:
            proof.fault(trial.name, f"costs points in {scored.name}, which doesn't use {part}")


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


def _check_kills(proof: Proof) -> None:
    for stem, tests in proof.tests.items():
        killing = set().union(*proof.kills.get(stem, {}).values())
        for test in tests:
            if test not in killing:
                proof.fault(test, "kills nothing: no misconception fails it")
