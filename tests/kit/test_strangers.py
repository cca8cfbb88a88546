"""Proves that diagnosis calls other people's mistakes by their names, and never by a wrong one.

`strangers/` holds wrong answers that were written without a look at the probes: most are the same
mistake as a named one in other code (`like`), some are like none.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import pytest

from grading import catalog as catalogs
from grading.catalog import Exercise
from grading.judging import diagnose
from grading.results import Diagnosis
from grading.session.starters import ForkServer
from grading.session.transport import Across
from grading.testing import answers
from grading.testing.answers import Answer

CATALOG = catalogs.load()
FOLDER = Path(__file__).with_name("strangers")
EXERCISES = [e for e in CATALOG.exercises if (FOLDER / f"{e.stem}.py").exists()]
STRANGERS = {e.stem: answers.read(FOLDER / f"{e.stem}.py") for e in EXERCISES}
NAMED_SHARE = 0.8

Named = Callable[[Exercise], list[tuple[Answer, Diagnosis | None]]]


@pytest.fixture(scope="module")
def named(server: ForkServer) -> Named:
    """What diagnosis calls each stranger's answer to an exercise; each is asked once."""

    @cache
    def of(exercise: Exercise) -> list[tuple[Answer, Diagnosis | None]]:
        own = STRANGERS[exercise.stem]
        return [(answer, called(answer, exercise, server)) for answer in own]

    return of


def called(answer: Answer, exercise: Exercise, server: ForkServer) -> Diagnosis | None:
    """What diagnosis calls an answer."""
    solution = CATALOG.solution(exercise).read_text(encoding="utf-8")
    source = answer.submission(solution)
    session = diagnose.new_session(exercise, source, partial(Across, server))
    try:
        return diagnose.KnownMistakes(CATALOG, exercise).diagnose(answer.part, session)
    finally:
        session.close()


def test_there_are_enough_of_them() -> None:
    """At least 60, with at least four an exercise."""
    assert sum(map(len, STRANGERS.values())) >= 60
    assert min(map(len, STRANGERS.values())) >= 4


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.stem)
def test_none_is_called_by_a_wrong_name(exercise: Exercise, named: Named) -> None:
    """No answer is called anything but what it is like."""
    wrong = [
        f"{answer.part}/{answer.name}: like {answer.like or 'none'}, called {diagnosis.id}"
        for answer, diagnosis in named(exercise)
        if diagnosis and answer.like not in (diagnosis.id, *diagnosis.also)
    ]
    assert wrong == []


def test_most_are_called_by_their_names(named: Named) -> None:
    """At least four of five that are a known mistake in other code are recognised."""
    known = [pair for exercise in EXERCISES for pair in named(exercise) if pair[0].like]
    right = [
        answer
        for answer, diagnosis in known
        if diagnosis and answer.like in (diagnosis.id, *diagnosis.also)
    ]
    assert len(right) >= NAMED_SHARE * len(known), sorted(
        f"{a.part}/{a.name}: like {a.like}, called {d and d.id}" for a, d in known if a not in right
    )


@pytest.mark.parametrize("exercise", EXERCISES, ids=lambda exercise: exercise.stem)
def test_right_answers_get_no_name(exercise: Exercise, server: ForkServer) -> None:
    """An alternative's answers to the probes are those of no known mistake."""
    for answer in answers.read(CATALOG.answers(exercise, "alternatives")):
        assert called(answer, exercise, server) is None, answer.name
