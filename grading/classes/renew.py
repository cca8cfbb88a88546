"""Grades what is new in a class, keeps what isn't, and says what changed.

What was graded before with the same content, question and kit is kept as it is, so a batch that was
ended in the middle goes on where it was, and a second run of the same grades nothing.
"""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, Executor, Future
from dataclasses import dataclass, field

import msgspec

from grading import kit
from grading.classes import carrying, overrides, store
from grading.classes.orders import Order, Setup
from grading.classes.overrides import Given
from grading.classes.store import Store
from grading.errors import GraderFault, Misused
from grading.handed_in.downloads import Entry
from grading.handed_in.intake import Submission
from grading.results import Result, Status, from_json
from grading.session.isolation import IsolationError

_FOR_ALL = (IsolationError, Misused, OSError, CancelledError)
"""No submission's trouble: it would be the same for all that are still to come."""

AHEAD = 2
"""So many orders a job are handed to the executor at once: it never waits for the next one."""


@dataclass(frozen=True)
class Change:
    """A submission whose score is not what it was, and why: `parts` as "rnn_step 2 → 5"."""

    name: str
    before: float
    max_before: float
    now: float
    max_now: float
    why: str
    parts: tuple[str, ...]


@dataclass
class Summary:
    """What a batch came to. `faults` are the grader's own, by submission."""

    graded: int = 0
    kept: int = 0
    names: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """So many submissions need no more work."""
        return self.graded + self.kept + len(self.faults)


@dataclass(frozen=True)
class Plan:
    """How a class is graded, how many at once, what was overridden, and where the results go."""

    setup: Setup
    store: Store
    given: Mapping[str, Given]
    retry: frozenset[Status] = frozenset()
    jobs: int = 1


@dataclass(frozen=True)
class Listeners:
    """What is called while a class is graded.

    `page` with each result before it is kept, and whether it is another than the one before;
    `change` with each change before the result that brings it is kept, so that none is lost;
    `progress` after each submission.
    """

    page: Callable[[Result, Submission, bool], None] = lambda result, submission, changed: None
    change: Callable[[Change], None] = lambda change: None
    progress: Callable[[Summary], None] = lambda summary: None


@dataclass(frozen=True)
class _Pending:
    """An entry under way: its content, what it is graded from, and the result it had before."""

    entry: Entry
    submission: Submission
    fingerprint: str
    before: Result | None


def run(
    entries: Iterable[Entry],
    plan: Plan,
    executor: Executor,
    listeners: Listeners = Listeners(),
) -> Summary:
    """Grade the entries that need it, keep every result, and say what changed.

    Raises WriteError where a result can't be kept, and OtherKitError where the executor's
    processes have another kit; what was kept until then stays.
    """
    summary = Summary()
    needed = _needed(entries, plan, listeners, summary)
    for pending, future in _carried_out(needed, plan, executor):
        try:
            result = from_json(future.result())
        except _FOR_ALL:
            raise
        except GraderFault as fault:
            summary.faults[pending.entry.name] = str(fault)
        except Exception as error:  # of the executor's own: Dask gives an order up
            summary.faults[pending.entry.name] = f"{type(error).__name__}: {error}"
        else:
            _keep(pending, result, plan, listeners, summary)
            summary.graded += 1
        listeners.progress(summary)
    return summary


def _needed(
    entries: Iterable[Entry], plan: Plan, listeners: Listeners, summary: Summary
) -> Iterator[_Pending]:
    """What has to be graded; what was graded already is brought up to date on the way."""
    for entry in entries:
        summary.names.append(entry.name)
        try:
            submission = entry.read()
        except Exception as error:  # a mistake of ours: it costs nobody else anything
            summary.faults[entry.name] = f"it could not be read: {type(error).__name__}: {error}"
            listeners.progress(summary)
            continue
        pending = _Pending(
            entry=entry,
            submission=submission,
            fingerprint=store.fingerprint(submission, plan.setup),
            before=plan.store.read(entry.name),
        )
        if _is_current(pending, plan):
            assert pending.before is not None
            _keep(pending, pending.before, plan, listeners, summary)
            summary.kept += 1
            listeners.progress(summary)
        else:
            yield pending


def _is_current(pending: _Pending, plan: Plan) -> bool:
    before = pending.before
    if before is None or before.fingerprint != pending.fingerprint:
        return False
    return not any(test.status in plan.retry for e in before.exercises for test in e.tests)


def _carried_out(
    needed: Iterator[_Pending], plan: Plan, executor: Executor
) -> Iterator[tuple[_Pending, Future[bytes]]]:
    """Hand orders to the executor, a few ahead of the results, and give these as they come."""
    under_way: dict[Future[bytes], _Pending] = {}
    try:
        while True:
            while len(under_way) < AHEAD * plan.jobs and (pending := next(needed, None)):
                order = Order(kit.fingerprint(), plan.setup, pending.submission)
                future = executor.submit(carrying.carry_out, msgspec.msgpack.encode(order))
                under_way[future] = pending
            if not under_way:
                return
            done, _ = concurrent.futures.wait(
                under_way, return_when=concurrent.futures.FIRST_COMPLETED
            )
            for future in done:
                yield under_way.pop(future), future
    finally:
        for future in under_way:
            future.cancel()


def _keep(
    pending: _Pending, result: Result, plan: Plan, listeners: Listeners, summary: Summary
) -> None:
    """Put the result together with whose it is and what was overridden, and keep it."""
    given = plan.given.get(pending.entry.name, {})
    origin = pending.entry.origin
    notes = (*origin.notes, *pending.submission.notes.values())
    whole = msgspec.structs.replace(
        overrides.apply(result, given),
        submission=pending.entry.name,
        origin=msgspec.structs.replace(origin, notes=notes),
        fingerprint=pending.fingerprint,
    )
    changed = whole != pending.before
    listeners.page(whole, pending.submission, changed)
    if not changed:
        return
    if pending.before is not None and _is_another_score(pending.before, whole):
        summary.changes.append(_change(pending.before, whole))
        listeners.change(summary.changes[-1])
    plan.store.keep(pending.entry.name, whole)


def _is_another_score(before: Result, now: Result) -> bool:
    """Another number, or as many points of other full marks; 0 is 0 of however many."""
    of_other = now.score != 0 and before.max_score != now.max_score
    return before.score != now.score or of_other


def _change(before: Result, now: Result) -> Change:
    scores = {(e.id, part.name): part.score for e in before.exercises for part in e.parts}
    parts = tuple(
        f"{part.name} {scores[e.id, part.name]:g} → {part.score:g}"
        for e in now.exercises
        for part in e.parts
        if scores.get((e.id, part.name), part.score) != part.score
    )
    figures = before.score, before.max_score, now.score, now.max_score
    return Change(now.submission, *figures, _why(before, now), parts)


def _why(before: Result, now: Result) -> str:
    """What a score may have changed for, in words."""
    old, new = overrides.points_given(before), overrides.points_given(now)
    override = "overridden" if new else "an override was taken back"
    reasons = [store.difference(before, now), override if old != new else ""]
    return " and ".join(filter(None, reasons)) or "graded again"
