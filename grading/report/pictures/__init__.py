"""Pictures of a student's own functions, one file of drawings an exercise, by its stem.

The functions run in the worker, as for a test; what they give is drawn here, upon the right curve,
which torch computes on this side. A function that fails leaves its picture's frame with the words.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from grading.catalog import Exercise
from grading.handed_in.intake import Submission
from grading.report.pictures import paper
from grading.report.pictures.model import Drawing, Picture, Row
from grading.report.text import visible
from grading.results import DEFAULT_SEED
from grading.session import outcomes
from grading.session.remote import Student
from grading.session.session import Session
from grading.session.transport import Transport

TIME_FACTOR = 1 / 3
"""A call, and all calls of a picture, may take this share of what they may in a test."""


class _Sitter(Student):
    """The handle that a drawing gets: each call counts as one of the part that it names."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        call = super().__getattr__(name)
        self._session.part = name
        return call


def drawings(exercise: Exercise) -> tuple[Drawing, ...]:
    """An exercise's drawings; none where it has no file of them."""
    if exercise.stem not in {found.name for found in pkgutil.iter_modules(__path__)}:
        return ()
    found: tuple[Drawing, ...] = importlib.import_module(f"{__name__}.{exercise.stem}").DRAWINGS
    return found


def draw_all(
    exercises: Iterable[Exercise], submission: Submission, connect: Callable[[], Transport]
) -> list[Picture]:
    """The pictures of a submission's exercises; none of an exercise whose file isn't there."""
    present = [exercise for exercise in exercises if submission.has(exercise)]
    return [picture for e in present for picture in draw(e, submission, connect)]


def draw(
    exercise: Exercise, submission: Submission, connect: Callable[[], Transport]
) -> Iterator[Picture]:
    """The pictures of one exercise, each by a fresh worker; `connect` starts one."""
    for drawing in drawings(exercise):
        session = Session.of(exercise, submission, connect, DEFAULT_SEED, TIME_FACTOR)
        try:
            session.begin(f"picture of {drawing.name}", exercise.parts[0].name)
            yield _drawn(drawing, exercise, _Sitter(session))
        finally:
            session.close()


def _drawn(drawing: Drawing, exercise: Exercise, student: Student) -> Picture:
    with paper.drawing():
        figure, rows, problem = paper.new(drawing.height), list[Row](), ""
        try:
            rows = drawing.draw(student, figure)
            shown = _svg(figure, drawing, exercise, "")
        except (outcomes.Outcome, Exception) as error:
            problem, rows = _words(error), []
            figure = paper.new(2.5)
            paper.note(figure, f"✗ {drawing.title}: no picture yet", problem)
            shown = _svg(figure, drawing, exercise, problem)
    return Picture(
        exercise.stem,
        drawing.name,
        drawing.title,
        drawing.caption,
        shown,
        tuple(rows),
        problem,
        figure,
    )


def _svg(figure: Any, drawing: Drawing, exercise: Exercise, problem: str) -> str:
    caption = f"No picture: {problem}" if problem else drawing.caption
    name = f"{exercise.number}-{drawing.name}"
    return paper.svg(figure, name, drawing.title, caption)


def _words(error: BaseException) -> str:
    """Why there is no picture, safe to be shown."""
    if isinstance(error, outcomes.Outcome):
        return visible(error.detail, 600)
    kind = type(error).__name__
    return visible(f"the answer has a form that can't be drawn: {kind}: {error}", 600)
