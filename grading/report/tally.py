"""The screen after a batch: what it came to, and where that lies."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.text import Text

from grading.classes.renew import Change, Summary
from grading.report import facts
from grading.report.text import visible
from grading.results import Result, Status
from grading.session import isolation

WIDTH, MOST = 78, 12
"""Columns of the screen; so many changes are told one by one, the others are in changes.csv."""


def others(count: int) -> list[str]:
    """What to say of results that belong to nobody in the class."""
    said = "Results of nobody in this class, which stay in results/ and count nowhere"
    return [f"{said}: {count}."] if count else []


def unused(given: Mapping[str, Mapping[str, object]], exercises: Collection[str]) -> list[str]:
    """What to say of overrides (by submission, then `stem/part`) of what isn't graded now."""
    stems = [key.partition("/")[0] for parts in given.values() for key in parts]
    left = [stem for stem in stems if stem not in exercises]
    if not left:
        return []
    numbers = sorted({stem.partition("_")[0] for stem in left})
    are = "is" if len(numbers) == 1 else "are"
    why = f"as {', '.join(numbers)} {are} not graded now"
    return [f"Overrides that don't count, {why}: {len(left)}."]


@dataclass
class Tally:
    """What is counted of the results, one after the other, and notes on the whole."""

    notes: Sequence[str] = ()
    scores: list[float] = field(default_factory=list)
    most: float = 0.0
    troubled: Counter[Status] = field(default_factory=Counter)
    levels: Counter[str] = field(default_factory=Counter)
    unread: int = 0
    handed_in: int = 0

    def count(self, results: Iterable[Result]) -> Iterator[Result]:
        """Pass the results on, and count."""
        for result in results:
            self.scores.append(result.score)
            self.most = max(self.most, result.max_score)
            seen = {test.status for e in result.exercises for test in e.tests}
            self.troubled.update(seen & _TROUBLES.keys())
            self.unread += any(exercise.problem for exercise in result.exercises)
            self.handed_in += any(facts.is_there(exercise) for exercise in result.exercises)
            if result.isolation.level != isolation.NOT_STARTED:
                self.levels[result.isolation.level] += 1
            yield result


def show(summary: Summary, tally: Tally, written: Iterable[Path], console: Console) -> None:
    """Print what a batch came to."""
    for text, style in _lines(summary, tally):
        console.print(Text(visible(text), style), width=WIDTH)
    for path in written:
        console.print(Text(f"  {path}"), soft_wrap=True)
    levels = ", ".join(sorted(tally.levels)) or "none needed"
    console.print(Text(visible(f"  isolation: {levels}"), "dim"), width=WIDTH)


def _lines(summary: Summary, tally: Tally) -> Iterator[tuple[str, str]]:
    """What to say, line by line, each with its style."""
    yield f"  {summary.graded} graded now, {summary.kept} as they were graded before.", "bold"
    if tally.scores:
        lowest, highest = min(tally.scores), max(tally.scores)
        median = f"median {statistics.median(tally.scores):g}"
        yield f"  Scores of {tally.most:g}: {median}, lowest {lowest:g}, highest {highest:g}.", ""
    for warning in _warnings(tally):
        yield f"  {warning}", "yellow"
    for change in _changes(summary.changes):
        yield f"  {change}", ""
    for name, said in summary.faults.items():
        yield f"  The grader itself failed on {name}; no points were given or taken:", "red"
        yield f"    {said.strip().splitlines()[-1] if said.strip() else 'it said nothing'}", ""


def _warnings(tally: Tally) -> Iterator[str]:
    for status, sentence in _TROUBLES.items():
        if tally.troubled[status]:
            yield f"{sentence}: {tally.troubled[status]}."
    if tally.unread:
        yield f"Submissions with a file that is missing, not taken or not loaded: {tally.unread}."
    if tally.scores and not tally.handed_in:
        yield "Not one submission holds a file of these exercises: is this the class?"
    yield from tally.notes


_TROUBLES = {
    Status.VIOLATION: "Submissions that broke the protocol, which you should look at",
    Status.CRASHED: "Submissions under which the worker died",
    Status.TIMEOUT: "Submissions that ran out of time (--retry timeout, --time-factor 2)",
}


def _changes(changes: list[Change]) -> Iterator[str]:
    if changes:
        yield f"Scores that changed in this run: {len(changes)} (changes.csv has all)."
    for change in changes[:MOST]:
        parts = ", ".join(change.parts[:4]) + (" …" if len(change.parts) > 4 else "")
        why = "; ".join(filter(None, (change.why, parts)))
        yield f"  {change.name}: {_from_to(change)} ({why})"


def _from_to(change: Change) -> str:
    if change.max_before == change.max_now:
        return f"{change.before:g} → {change.now:g}"
    return f"{change.before:g} of {change.max_before:g} → {change.now:g} of {change.max_now:g}"
