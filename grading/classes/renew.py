"""Grades what is new in a class, keeps what isn't, and says what changed.

What was graded before with the same content, question and kit is kept as it is, so a batch that was
ended in the middle goes on where it was, and a second run of the same grades nothing.
"""

from __future__ import annotations

import concurrent.futures
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import CancelledError, Executor, Future
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from grading import kit
from grading.classes import graders, overrides, store
from grading.classes.orders import Order, Setup
from grading.classes.overrides import Given
from grading.classes.store import Store
from grading.errors import GraderFault, Misused
from grading.intake import Submission
from grading.isolation import IsolationError
from grading.results import Origin, Result, Status, from_json

_FOR_ALL = (IsolationError, Misused, OSError, CancelledError)
"""No submission's trouble: it would be the same for all that are still to come."""

AHEAD = 2
"""So many orders a job are handed to the executor at once: it never waits for the next one."""


class Entry(Protocol):
    """One submission of a class. `name` is unique in the class, and fit for a file's name."""

    @property
    def name(self) -> str:
        """What its result is called."""

    @property
    def origin(self) -> Origin:
        """Whose it is."""

    def read(self) -> Submission:
        """Its content."""


@dataclass(frozen=True)
class Change:
    """A submission whose score is not what it was, and why: `parts` as "rnn_step 2 → 5"."""

    name: str
    before: float
    now: float
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
class Class:
    """What is to be graded, how, and where the results go."""

    setup: Setup
    store: Store
    given: Mapping[str, Given]
    retry: frozenset[Status] = frozenset()
    jobs: int = 1


Page = Callable[[Result, Submission, bool], None]
"""Is told of each result before it is kept, and whether it is another than the one before."""


@dataclass(frozen=True)
class _Order:
    """An entry under way: its content, what it is graded from, and the result it had before."""

    entry: Entry
    submission: Submission
    fingerprint: str
    before: Result | None


def run(
    entries: Iterable[Entry],
    klass: Class,
    executor: Executor,
    page: Page = lambda result, submission, changed: None,
    told: Callable[[Summary], None] = lambda summary: None,
) -> Summary:
    """Grade the entries that need it, keep every result, and say what changed.

    Raises WriteError where a result can't be kept, and OtherKitError where the executor's
    processes have another kit; what was kept until then stays.
    """
    summary = Summary()
    needed = _needed(entries, klass, page, told, summary)
    for order, future in _carried_out(needed, klass, executor):
        try:
            result = from_json(future.result())
        except _FOR_ALL:
            raise
        except GraderFault as fault:
            summary.faults[order.entry.name] = str(fault)
        except Exception as error:  # of the executor's own: Dask gives an order up
            summary.faults[order.entry.name] = f"{type(error).__name__}: {error}"
        else:
            summary.graded += 1
            _keep(order, result, klass, page, summary)
        told(summary)
    return summary


def _needed(
    entries: Iterable[Entry],
    klass: Class,
    page: Page,
    told: Callable[[Summary], None],
    summary: Summary,
) -> Iterator[_Order]:
    """What has to be graded; what was graded already is brought up to date on the way."""
    for entry in entries:
        summary.names.append(entry.name)
        submission = entry.read()
        order = _Order(
            entry=entry,
            submission=submission,
            fingerprint=store.fingerprint(submission, klass.setup),
            before=klass.store.read(entry.name),
        )
        if _is_current(order, klass):
            assert order.before is not None
            summary.kept += 1
            _keep(order, order.before, klass, page, summary)
            told(summary)
        else:
            yield order


def _is_current(order: _Order, klass: Class) -> bool:
    before = order.before
    if before is None or before.fingerprint != order.fingerprint:
        return False
    return not any(test.status in klass.retry for e in before.exercises for test in e.tests)


def _carried_out(
    orders: Iterator[_Order], klass: Class, executor: Executor
) -> Iterator[tuple[_Order, Future[bytes]]]:
    """Hand orders to the executor, a few ahead of the results, and give these as they come."""
    under_way: dict[Future[bytes], _Order] = {}
    try:
        while True:
            while len(under_way) < AHEAD * klass.jobs and (order := next(orders, None)):
                asked = Order(kit.fingerprint(), klass.setup, order.submission)
                future = executor.submit(graders.carry_out, msgspec.msgpack.encode(asked))
                under_way[future] = order
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


def _keep(order: _Order, result: Result, klass: Class, page: Page, summary: Summary) -> None:
    """Put the result together with whose it is and what was overridden, and keep it."""
    given = klass.given.get(order.entry.name, {})
    origin = order.entry.origin
    notes = (*origin.notes, *order.submission.notes.values())
    whole = msgspec.structs.replace(
        overrides.apply(result, given),
        submission=order.entry.name,
        origin=msgspec.structs.replace(origin, notes=notes),
        fingerprint=order.fingerprint,
    )
    changed = whole != order.before
    page(whole, order.submission, changed)
    if not changed:
        return
    klass.store.keep(order.entry.name, whole)
    if order.before is not None and order.before.score != whole.score:
        summary.changes.append(_change(order.before, whole, given))


def _change(before: Result, now: Result, given: Given) -> Change:
    scores = {f"{e.id}/{part.name}": part.score for e in before.exercises for part in e.parts}
    parts = tuple(
        f"{part.name} {scores.get(f'{e.id}/{part.name}', 0.0):g} → {part.score:g}"
        for e in now.exercises
        for part in e.parts
        if scores.get(f"{e.id}/{part.name}", 0.0) != part.score
    )
    why = store.difference(before.fingerprint, now.fingerprint)
    reason = f"{why} changed" if why else "overridden" if given else "an override was taken back"
    return Change(now.submission, before.score, now.score, reason, parts)
