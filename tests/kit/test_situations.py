"""Hostile and broken submissions, one a situation: each gets the outcome written at its top.

A file of tests/attacks/ stands behind the solution of an exercise (ex01 where its docstring names
no other), and so takes the place of a part of it, or of the loading of the whole file. Its
docstring says, one a line:

    outcome     the status that the part must get; `denied` is `failed`, and all files of that kind
                answer rightly only where their attempt has worked
    says        words that the message of one of the part's tests must hold
    exercise    the exercise, and `part` the part that it is about, where these aren't the first
    at_most     the share of the points that it may earn where it is right in some way
    whole       yes: the file is the submission, without the solution before it
    needs       confinement: the outcome isn't promised at the level "process"
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grading import catalog as catalogs
from grading import process, transport
from grading.grade import Job, Options, grade_many
from grading.intake import Submission
from grading.process import ForkServer
from grading.results import ExerciseResult, PartResult, Result, Status, TestResult
from tests.kit.outside import Outside

CATALOG = catalogs.load()
FOLDER = CATALOG.home / "tests" / "attacks"
ATTACKS = sorted(path for path in FOLDER.glob("*/*.py") if path.parent.name != "intake")
GROUPS = sorted({path.parent.name for path in ATTACKS})

Graded = dict[str, Result]
GradedGroup = Callable[[str], Graded]


def expectation(attack: Path) -> dict[str, str]:
    """The lines of an attack's docstring that say what must come of it."""
    _, text, _ = attack.read_text(encoding="utf-8").split('"""', 2)  # not all can be parsed
    pairs = (line.partition(":") for line in text.splitlines())
    return {key: value.strip() for key, colon, value in pairs if colon and " " not in key}


def exercise_of(attack: Path) -> catalogs.Exercise:
    """The exercise that an attack is about."""
    return CATALOG.find(expectation(attack).get("exercise", "ex01"))


def submission(attack: Path) -> Submission:
    """The solution with the attack behind it."""
    exercise, text = exercise_of(attack), attack.read_text(encoding="utf-8")
    if "whole" not in expectation(attack):
        text = f"{CATALOG.solution(exercise).read_text(encoding='utf-8')}\n\n{text}"
    return Submission(attack.stem, {exercise.stem: text})


@pytest.fixture(scope="module")
def graded() -> Iterator[GradedGroup]:
    """Every situation of a group, graded in one run, with shorter deadlines than students get."""
    kept: dict[str, Graded] = {}
    server = ForkServer.launch()
    patch = pytest.MonkeyPatch()
    for module in (process, transport):
        patch.setattr(module, "WALL_PER_CPU", 3.0)

    def group(name: str) -> Graded:
        if name not in kept:
            kept[name] = grade_all([path for path in ATTACKS if path.parent.name == name], server)
        return kept[name]

    yield group
    patch.undo()
    server.close()


def grade_all(attacks: list[Path], server: ForkServer) -> Graded:
    """The results by name; of attacks that need more confinement than there is, none."""
    jobs = [Job(submission(path), (exercise_of(path),)) for path in attacks if promised(path)]
    exercises = {exercise.stem: exercise for job in jobs for exercise in job.exercises}
    results: Graded = {}

    def done(job: Job, result: Result) -> None:
        results[job.submission.name] = result

    with Outside() as outside:
        options = Options(tuple(exercises.values()), time_factor=1 / 4)
        grade_many(jobs, CATALOG, options, server, done)
    assert not outside.heard
    return results


def promised(attack: Path) -> bool:
    """Does the confinement of this machine promise the outcome?"""
    return "needs" not in expectation(attack) or level() != "process"


def level() -> str:
    """The confinement that this machine offers."""
    if not _LEVEL:
        solution = Submission("solution", {})
        exercise = CATALOG.find("ex01")
        solution.sources[exercise.stem] = CATALOG.solution(exercise).read_text(encoding="utf-8")
        server = ForkServer.launch()
        jobs = [Job(solution, (exercise,))]
        options = Options((exercise,), visible_only=True)
        grade_many(
            jobs,
            CATALOG,
            options,
            server,
            lambda job, result: _LEVEL.append(result.isolation.level),
        )
        server.close()
    return _LEVEL[0]


_LEVEL: list[str] = []


def result_of(attack: Path, graded: GradedGroup) -> Result:
    """The result of an attack; skips one whose outcome isn't promised here."""
    if not promised(attack):
        pytest.skip("not promised without confinement")
    return graded(attack.parent.name)[attack.stem]


def part_of(attack: Path, result: Result) -> tuple[PartResult, list[TestResult]]:
    """The part that an attack is about, and its tests."""
    exercise: ExerciseResult = result.exercises[0]
    name = expectation(attack).get("part", exercise.parts[0].name)
    part = next(part for part in exercise.parts if part.name == name)
    return part, [test for test in exercise.tests if test.part == name]


EACH = pytest.mark.parametrize(
    "attack", ATTACKS, ids=lambda path: f"{path.parent.name}-{path.stem}"
)


@EACH
def test_situation_gets_its_outcome(attack: Path, graded: GradedGroup) -> None:
    """The part gets the status that the situation must get, in words that say what happened."""
    expected = expectation(attack)
    part, tests = part_of(attack, result_of(attack, graded))
    status = expected["outcome"].replace("denied", "failed")
    assert part.status == status, [(test.status, test.message) for test in tests]
    if expected["says"]:
        assert any(expected["says"] in test.message for test in tests), tests[0].message


@EACH
def test_situation_earns_nothing_it_should_not(attack: Path, graded: GradedGroup) -> None:
    """Only a right answer earns the part; the odd test that a wrong one passes gives a tenth."""
    expected = expectation(attack)
    part, _ = part_of(attack, result_of(attack, graded))
    if expected["outcome"] == "passed":
        assert part.score == part.max_score
    else:
        assert part.score <= float(expected.get("at_most", 0.25)) * part.max_score


@EACH
def test_hidden_tests_tell_no_inputs(attack: Path, graded: GradedGroup) -> None:
    """What a student reads of a hidden test holds no number but the line that raised."""
    _, tests = part_of(attack, result_of(attack, graded))
    hidden = [test for test in tests if test.visibility == "hidden"]
    told = [re.sub(r"\((ex\d\d_\w+\.py):\d+\)", "", test.message) for test in hidden]
    assert not any("xfilt" in text or re.search(r"\d\.\d{3}", text) for text in told), told
    assert not any(test.stdout for test in hidden)


@EACH
def test_messages_stay_short(attack: Path, graded: GradedGroup) -> None:
    """Whatever a submission says, a message stays one that can be read."""
    _, tests = part_of(attack, result_of(attack, graded))
    assert max(len(test.message) for test in tests) < 20_000


def test_flood_of_output_is_capped(graded: GradedGroup) -> None:
    """Twenty megabytes of printing are cut, and the cut is told."""
    printed = graded("exhausting")["prints_a_flood"].exercises[0].tests[0].stdout
    assert len(printed) < 100_000
    assert "not kept" in printed


def test_no_file_was_forged(graded: GradedGroup) -> None:
    """What a submission tried to write outside stays empty."""
    forged = Path("/tmp/rnn-kit-forged-results.json")
    assert graded("tampering")["writes_a_file"].exercises[0].status is not Status.PASSED
    assert not forged.exists() or forged.stat().st_size == 0
    forged.unlink(missing_ok=True)


def test_threat_model_names_every_file() -> None:
    """Each threat of the threat model names a file that tries it, and each file is named once."""
    told = re.findall(r"`(\w+/\w+\.py)`", (FOLDER / "README.md").read_text(encoding="utf-8"))
    files = sorted(f"{path.parent.name}/{path.name}" for path in FOLDER.glob("*/*.py"))
    assert sorted(name for name in told if not name.startswith("kit/")) == files
