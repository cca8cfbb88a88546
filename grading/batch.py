"""Grades a class: find → renew → report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from grading.catalog import Catalog
from grading.classes import executors, overrides, renew, similar
from grading.classes.orders import Setup
from grading.classes.renew import Class, Entry, Summary
from grading.classes.store import Store
from grading.files import make_folder, write_whole
from grading.intake import Submission
from grading.report import tally
from grading.results import Result, Status

PAGES, TABLES = "students", "tables"
"""Folders beside the results: a page for each student, and CSV files of everything."""


@dataclass(frozen=True)
class Options:
    """How to grade a class. `scheduler` is the address of a Dask scheduler; none grades here."""

    setup: Setup
    out: Path
    jobs: int
    scheduler: str = ""
    retry: frozenset[Status] = frozenset()


def grade_class(
    entries: Sequence[Entry], catalog: Catalog, options: Options, screen: Console
) -> Summary:
    """Grade what is new, keep what isn't, write the reports, and say on the screen what came of it.

    Raises WriteError, OverridesError, ClusterError, OtherKitError; what was graded until then
    is kept.
    """
    kept = Store(options.out)
    with kept.alone(lambda: _say_waiting(screen)):
        for folder in (PAGES, TABLES):
            make_folder(options.out / folder)
        given = overrides.read(options.out / overrides.NAME, catalog)
        overrides.check_names(given, (entry.name for entry in entries), options.out)
        with _executor(options) as (executor, jobs), tally.bar(screen, len(entries)) as told:
            klass = Class(options.setup, kept, given, options.retry, jobs)
            summary = renew.run(entries, klass, executor, _write_page(options.out), told)
        counted, results = tally.Tally(), _results(summary, kept)
        written = _report(counted.count(results), summary, entries, catalog, options.out)
    tally.show(summary, counted, written, screen)
    return summary


@contextmanager
def _executor(options: Options) -> Iterator[tuple[Executor, int]]:
    """Where orders are carried out, and how many at once."""
    if options.scheduler:
        with executors.dask(options.scheduler) as cluster:
            yield cluster
    else:
        with executors.local(options.jobs) as pool:
            yield pool, options.jobs


def _results(summary: Summary, kept: Store) -> Iterator[Result]:
    """The class's results in the order of their names, read one by one."""
    for name in sorted(summary.names):
        result = kept.read(name)
        if result is not None:
            yield result


def _report(
    results: Iterable[Result],
    summary: Summary,
    entries: Iterable[Entry],
    catalog: Catalog,
    out: Path,
) -> list[Path]:
    """Write what the class came to; the files for people, the most useful first."""
    from grading.report import classroom, cohort, gradebook, spreadsheets  # NumPy and jinja2

    klass, book = cohort.Cohort(), gradebook.Book(catalog)
    for result in results:
        klass.add(result)
        book.add(result)
    alike = similar.find(((entry.name, entry.read().sources) for entry in entries), catalog)
    for name, content in spreadsheets.tables(klass, alike).items():
        write_whole(out / TABLES / name, content)
    if summary.changes:
        write_whole(out / "changes.csv", spreadsheets.changes(summary.changes))
    files = {"report.html": classroom.page(klass, alike), "gradebook.csv": book.content()}
    for name, content in files.items():
        write_whole(out / name, content)
    return [out / name for name in files]


def _write_page(out: Path) -> renew.Page:
    """Write the page that tells a student why, where it isn't the one that is there."""
    from grading.report import html  # jinja2

    def page(result: Result, submission: Submission, changed: bool) -> None:
        path = out / PAGES / f"{result.submission}.html"
        if changed or not path.exists():
            write_whole(path, html.student_page(result, submission))

    return page


def _say_waiting(screen: Console) -> None:
    screen.print("  Another batch is at work on this folder: waiting for it to end.")
