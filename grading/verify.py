"""Proves the kit: that right answers earn everything, wrong ones lose, and each test is of use.

Every named answer of the kit is graded as a submission would be. What doesn't come out as it must
is a `Fault`, with what to mend.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from grading import answers, diagnose, stubs
from grading.answers import Answer
from grading.catalog import Catalog, Exercise, Part
from grading.grade import Job, Options, grade_many
from grading.intake import Submission
from grading.results import Diagnosis, ExerciseResult, Result, Status
from grading.starters import ForkServer

MIN_TESTS, MIN_HINTS, MIN_MISCONCEPTIONS, MIN_ALTERNATIVES = 2, 3, 4, 2
TRIVIAL_SHARE = 0.1
"""The share of a part's points that an answer which knows nothing may earn at most."""

KINDS = ("solution", "stub", "misconception", "alternative", "trivial")


@dataclass(frozen=True)
class Fault:
    """Something about the kit that is not as it must be."""

    where: str
    what: str


@dataclass(frozen=True)
class Trial:
    """One answer to grade, and what kind of answer it is."""

    kind: str
    exercise: Exercise
    answer: Answer | None
    source: str

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
        _check_files(catalog, exercise, proof)
    trials = [trial for exercise in exercises for trial in _trials(catalog, exercise, proof)]
    by_job: dict[int, Trial] = {}

    def jobs() -> Iterator[Job]:
        for trial in trials:
            sources = {trial.exercise.stem: trial.source}
            job = Job(Submission(trial.name, sources), (trial.exercise,))
            by_job[id(job)] = trial
            kept.append(job)
            yield job

    def done(job: Job, result: Result) -> None:
        _judge(by_job[id(job)], result, proof)
        told(sum(proof.tried.values()), len(trials))

    kept: list[Job] = []
    grade_many(jobs(), catalog, Options(exercises, seed, shrink=False), starter, done)
    _check_kills(proof)
    return proof


# --- what is graded ---------------------------------------------------------------------------


def _trials(catalog: Catalog, exercise: Exercise, proof: Proof) -> Iterator[Trial]:
    solution = catalog.solution(exercise).read_text(encoding="utf-8")
    yield Trial("solution", exercise, None, solution)
    yield Trial("stub", exercise, None, stubs.stub_of(solution, f"{exercise.stem}.py"))
    for kind in ("misconception", "alternative"):
        named = answers.read(catalog.answers(exercise, f"{kind}s"))
        _check_names(named, kind, exercise, proof)
        for answer in named:
            yield Trial(kind, exercise, answer, answer.submission(solution))
    for part in exercise.parts:
        for answer in answers.trivial(part.name):
            yield Trial("trivial", exercise, answer, answer.submission(solution))


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


# --- what is read -----------------------------------------------------------------------------


def _check_files(catalog: Catalog, exercise: Exercise, proof: Proof) -> None:
    """The stub is current, TODOs and hints are there, and every part has enough of everything."""
    solution = catalog.solution(exercise).read_text(encoding="utf-8")
    stub = stubs.stub_of(solution, f"{exercise.stem}.py")
    committed = catalog.stub(exercise)
    if not committed.exists() or committed.read_text(encoding="utf-8") != stub:
        proof.fault(f"exercises/{exercise.stem}.py", "is not current: run `grader.py build`")
    if stub.count("# TODO") < stub.count("raise NotImplementedError"):
        proof.fault(f"solutions/{exercise.stem}.py", "has an answer without a `# TODO:` above it")
    for name, least in (("misconceptions", MIN_MISCONCEPTIONS), ("alternatives", MIN_ALTERNATIVES)):
        counts = Counter(answer.part for answer in answers.read(catalog.answers(exercise, name)))
        for part in exercise.parts:
            if counts[part.name] < least:
                proof.fault(
                    f"tests/{name}/{exercise.stem}.py",
                    f"has {counts[part.name]} for {part.name}; at least {least} are needed",
                )
    for fault in diagnose.faults(catalog, exercise):
        proof.fault(f"tests/probes/{exercise.stem}", fault)
    for numbers in diagnose.read(catalog.numbers(exercise)).parts.values():
        proof.known.update((exercise.stem, known.id) for known in numbers.known)
    for part in exercise.parts:
        _check_part(catalog, exercise, part, proof)


def _check_part(catalog: Catalog, exercise: Exercise, part: Part, proof: Proof) -> None:
    data = f"tests/visible/{exercise.stem}.toml"
    if len(part.hints) != MIN_HINTS:
        proof.fault(data, f"has {len(part.hints)} hints for {part.name}; {MIN_HINTS} are needed")
    above = [other.name for other in exercise.parts[: exercise.parts.index(part)]]
    for used in part.uses:
        if used not in above:
            proof.fault(data, f"{part.name} uses {used}, which is no part above it")
    for path in catalog.tests(exercise):
        count = path.read_text(encoding="utf-8").count(f'mark.part("{part.name}"')
        if count < MIN_TESTS:
            where = f"tests/{path.parent.name}/{path.name}"
            proof.fault(where, f"has {count} tests of {part.name}; {MIN_TESTS} are needed")


def _check_names(named: Iterable[Answer], kind: str, exercise: Exercise, proof: Proof) -> None:
    where = f"tests/{kind}s/{exercise.stem}.py"
    for name, count in Counter(answer.name for answer in named).items():
        if count > 1:
            proof.fault(where, f"has {count} answers of the name {name}")
    for answer in named:
        if answer.part not in exercise.by_name:
            proof.fault(where, f"{answer.name} is for {answer.part}, which is no part")
        if kind == "misconception" and not answer.say:
            proof.fault(where, f"{answer.name} has no sentence to say")


def _check_kills(proof: Proof) -> None:
    for stem, tests in proof.tests.items():
        killing = set().union(*proof.kills.get(stem, {}).values())
        for test in tests:
            if test not in killing:
                proof.fault(test, "kills nothing: no misconception fails it")
