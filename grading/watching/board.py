"""The last known state of a watched submission: what a result changes in it, and what is said."""

from __future__ import annotations

from pathlib import Path

import msgspec
from rich.console import Console

from grading import hints
from grading.catalog import Catalog
from grading.report import facts, news, terminal
from grading.results import ExerciseResult, PartResult, Result, Status
from grading.watching import progress

MOST_LINES = 3
"""Of more exercises that changed at once, the table says more than a line for each."""

Pair = tuple[ExerciseResult, PartResult]


class Board:
    """Keeps the last result of every exercise, and the part that a hint would be about."""

    def __init__(self, catalog: Catalog, path: Path, console: Console) -> None:
        self._catalog = catalog
        self._console = console
        self._ladder = hints.Ladder(catalog.home)
        self._progress = progress.Progress(catalog.home, path)
        self._last: Result | None = None
        self._focus: tuple[str, str] | None = None
        self._told = False

    def take(self, result: Result, whole: bool) -> None:
        """Say what a result changed; `whole` asks for the table."""
        self._ladder.note(result)
        before, self._last = self._last, _merged(self._last, result)
        if whole or before is None or len(result.exercises) > MOST_LINES:
            self._show_whole(result, first=before is None)
        else:
            self._show_lines(before, result)
        self._remember(self._last)

    def hint(self) -> None:
        """The next rung for the part in focus."""
        if self._focus is None:
            self._console.print("  Everything is right: there is nothing to hint at.")
            return
        stem, part = self._focus
        terminal.show_hint(self._ladder.next(self._catalog.find(stem), part), self._console)

    def next(self) -> None:
        """Show the part in focus; where that was told already, the one after it."""
        known = facts.parts(self._last) if self._last is not None else ()
        left = [pair for pair in known if pair[1].status is not Status.PASSED]
        if not left:
            self._console.print("  Everything is right: there is nothing left to do.")
            return
        names = [_names(pair) for pair in left]
        at = names.index(self._focus) if self._focus in names else -1
        self._show_part(left[(at + (self._told or at < 0)) % len(left)], "Next")

    def explain_keys(self) -> None:
        """Say what can be typed."""
        news.show_keys(self._console)

    def _show_whole(self, result: Result, first: bool) -> None:
        terminal.show(result, self._console)
        if first:
            news.show_since(result.exercises, self._progress.state.parts, self._console)
        self._focus_on(facts.first_to_mend(result), told=True)

    def _show_lines(self, before: Result, result: Result) -> None:
        """A line for each exercise, then the first thing to mend in them, or what comes next."""
        known = {exercise.id: exercise for exercise in before.exercises}
        for exercise in result.exercises:
            old = {part.name: part for part in known[exercise.id].parts}
            news.show(exercise, old, result.duration, self._console)
        wrong = [pair for pair in facts.parts(result) if _is_wrong(pair)]
        assert self._last is not None
        upcoming = facts.first_to_mend(result) or facts.first_to_mend(self._last)
        if wrong:
            self._show_part(wrong[0], "Work on this")
        else:
            self._focus_on(upcoming, told=False)
            if upcoming is not None:
                news.show_next(*upcoming, self._console)

    def _show_part(self, pair: Pair, heading: str) -> None:
        terminal.show_part(*pair, self._console, heading)
        self._focus_on(pair, told=True)

    def _focus_on(self, pair: Pair | None, told: bool) -> None:
        self._focus, self._told = pair and _names(pair), told

    def _remember(self, state: Result) -> None:
        """Keep how far this is; then say once that it is all done, even where we end just there."""
        whole = len(state.exercises) == len(self._catalog.exercises)
        finished = whole and state.complete
        before = self._progress.state.finished
        self._progress.keep(state.exercises, finished or before)
        if finished and not before:
            news.show_finished(state.max_score, self._console)


def _merged(before: Result | None, new: Result) -> Result:
    """The state before, with the exercises that were graded anew; points are not summed again."""
    if before is None:
        return new
    fresh = {exercise.id: exercise for exercise in new.exercises}
    exercises = tuple(fresh.get(exercise.id, exercise) for exercise in before.exercises)
    return msgspec.structs.replace(before, exercises=exercises)


def _names(pair: Pair) -> tuple[str, str]:
    return pair[0].id, pair[1].name


def _is_wrong(pair: Pair) -> bool:
    """Was it begun, and isn't right? (A file that can't be taken has been told in its line.)"""
    return facts.is_begun(*pair) and pair[1].status is not Status.PASSED
