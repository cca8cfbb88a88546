"""Hostile and broken submissions, one a situation: each gets the outcome written at its top.

A file of tests/attacks/ is appended to the solution of exercise 1, so that it takes the place of
`rnn_step` (or of the loading of the whole file).
"""

from __future__ import annotations

from pathlib import Path

import pytest

from grading import catalog as catalogs
from grading.grade import Job, Options, grade_many
from grading.intake import Submission
from grading.process import ForkServer
from grading.results import ExerciseResult, Result, Status

CATALOG = catalogs.load()
EXERCISE = CATALOG.find("ex01")
SOLUTION = CATALOG.solution(EXERCISE).read_text(encoding="utf-8")
ATTACKS = sorted((CATALOG.home / "tests" / "attacks").glob("*.py"))


def expectation(attack: Path) -> dict[str, str]:
    """The `outcome` and `says` lines of an attack's docstring."""
    _, text, _ = attack.read_text(encoding="utf-8").split('"""', 2)  # not all can be parsed
    pairs = (line.partition(":") for line in text.splitlines())
    return {key: value.strip() for key, colon, value in pairs if colon and " " not in key}


@pytest.fixture(scope="module")
def graded() -> dict[str, ExerciseResult]:
    """Every situation, graded in one run, with shorter deadlines than students get."""
    results: dict[str, ExerciseResult] = {}

    def done(job: Job, result: Result) -> None:
        results[job.submission.name] = result.exercises[0]

    jobs = [Job(submission(attack), (EXERCISE,)) for attack in ATTACKS]
    server = ForkServer.launch()
    options = Options((EXERCISE,), visible_only=True, time_factor=1 / 4)
    try:
        grade_many(jobs, CATALOG, options, server, done)
    finally:
        server.close()
    return results


def submission(attack: Path) -> Submission:
    """The solution with the attack behind it."""
    source = f"{SOLUTION}\n\n{attack.read_text(encoding='utf-8')}"
    return Submission(attack.stem, {EXERCISE.stem: source})


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.stem)
def test_situation_gets_its_outcome(attack: Path, graded: dict[str, ExerciseResult]) -> None:
    """The part gets the status that the situation must get, in words that say what happened."""
    expected = expectation(attack)
    part = graded[attack.stem].parts[0]
    told = [test for test in graded[attack.stem].tests if test.part == part.name]
    assert part.status == expected["outcome"], [(test.status, test.message) for test in told]
    if expected["says"]:
        assert any(expected["says"] in test.message for test in told), told[0].message


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.stem)
def test_situation_earns_nothing_it_should_not(
    attack: Path, graded: dict[str, ExerciseResult]
) -> None:
    """Only a right answer earns the part; the odd test that a wrong one passes gives a tenth."""
    expected = expectation(attack)
    part = graded[attack.stem].parts[0]
    if expected["outcome"] == "passed":
        assert part.score == part.max_score
    else:
        assert part.score <= 0.25 * part.max_score


def test_flood_of_output_is_capped(graded: dict[str, ExerciseResult]) -> None:
    """Twenty megabytes of printing are cut, and the cut is told."""
    printed = graded["prints_a_flood"].tests[0].stdout
    assert len(printed) < 100_000
    assert "not kept" in printed


def test_no_file_was_forged(graded: dict[str, ExerciseResult]) -> None:
    """What a submission tried to write outside stays empty."""
    forged = Path("/tmp/rnn-kit-forged-results.json")
    assert graded["writes_a_file"].status is not Status.PASSED
    assert not forged.exists() or forged.stat().st_size == 0
    forged.unlink(missing_ok=True)
