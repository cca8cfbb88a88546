"""Odd and hostile things that may be handed in: each is taken or refused as written at its top.

A file of tests/attacks/intake/ has a function `build(folder, solution)` that makes what is handed
in: the folder, or the zip that it makes there. `intake` says that nothing was taken and nothing
run; any other outcome is the status of the first part of exercise 1.
"""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest

from grading import intake
from grading.grade import Job, Options, grade_many
from grading.intake import IntakeError, Submission
from grading.process import ForkServer
from grading.results import Result
from tests.kit.test_situations import CATALOG, FOLDER, expectation

EXERCISE = CATALOG.find("ex01")
HANDED_IN = sorted((FOLDER / "intake").glob("*.py"))

REFUSED = [path for path in HANDED_IN if expectation(path)["outcome"] == "intake"]
TAKEN = [path for path in HANDED_IN if path not in REFUSED]


def built(path: Path, folder: Path) -> Path:
    """What is handed in: made in a folder, which is it unless there is a zip."""
    folder.mkdir(exist_ok=True)
    solution = CATALOG.solution(EXERCISE).read_text(encoding="utf-8")
    runpy.run_path(str(path))["build"](folder, solution)
    archive = folder / "submission.zip"
    return archive if archive.exists() else folder


@pytest.mark.parametrize("path", REFUSED, ids=lambda path: path.stem)
def test_refused_before_anything_runs(path: Path, tmp_path: Path) -> None:
    """Nothing of it is taken, and why is said in words that fit."""
    try:
        read = intake.read(built(path, tmp_path / "ada"), CATALOG)
    except IntakeError as error:
        told = str(error)
    except PermissionError:
        pytest.skip("only root can make such a file")
    else:
        assert read.sources == {}
        told = read.problem(EXERCISE)
    assert expectation(path)["says"] in told
    assert 10 < len(told) < 500


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Result]:
    """The grades of what is taken, made in one run."""
    jobs = []
    for path in TAKEN:
        read = intake.read(built(path, tmp_path_factory.mktemp(path.stem)), CATALOG)
        jobs.append(Job(Submission(path.stem, read.sources, read.problems), (EXERCISE,)))
    results: dict[str, Result] = {}

    def done(job: Job, result: Result) -> None:
        results[job.submission.name] = result

    server = ForkServer.launch()
    grade_many(jobs, CATALOG, Options((EXERCISE,)), server, done)
    server.close()
    return results


@pytest.mark.parametrize("path", TAKEN, ids=lambda path: path.stem)
def test_taken_and_graded(path: Path, graded: dict[str, Result]) -> None:
    """What is taken gets the status that it must get, in words that say what happened."""
    expected, exercise = expectation(path), graded[path.stem].exercises[0]
    part = exercise.parts[0]
    told = [test.message for test in exercise.tests if test.part == part.name]
    assert part.status == expected["outcome"], told
    assert any(expected["says"] in text for text in told), told
