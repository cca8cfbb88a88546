"""Grades the submissions of a class that were found: renew → report."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from grading.catalog import Catalog
from grading.classes import executors, renew, similar
from grading.classes.orders import Setup
from grading.classes.renew import Listeners, Plan, Summary
from grading.classes.store import Store
from grading.files import make_folder, write_whole
from grading.handed_in.downloads import Entry
from grading.handed_in.intake import Submission
from grading.report import changes, override_sheet, progress, tally
from grading.report.cohort import Cohort
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
        names = dict.fromkeys(entry.name for entry in entries)
        given = override_sheet.read(options.out / override_sheet.NAME, catalog, names)
        notes = [*tally.others(kept.remember(names)), *tally.unused(given, options.setup.exercises)]
        with progress.shown(screen, len(entries)) as heard:
            summary = _renewed(entries, given, kept, options, heard)
            screen.print("  writing the reports", style="dim")
            counted, results = tally.Tally(notes), _results(summary, kept)
            readable = [entry for entry in entries if entry.name not in summary.faults]
        written = _report(counted.count(results), readable, catalog, options.out)
    tally.show(summary, counted, written, screen)
    return summary


def _renewed(
    entries: Sequence[Entry],
    given: override_sheet.Overrides,
    kept: Store,
    options: Options,
    heard: progress.Heard,
) -> Summary:
    """What came of grading what is new."""
    changed = changes.Changes(options.out / changes.NAME)
    listeners = Listeners(_write_page(options.out), changed.add, heard)
    with _executor(options) as (executor, jobs):
        plan = Plan(options.setup, kept, given, options.retry, jobs)
        return renew.run(entries, plan, executor, listeners)


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
    results: Iterable[Result], entries: Iterable[Entry], catalog: Catalog, out: Path
) -> list[Path]:
    """Write what the class came to; the files for people, the most useful first."""
    from grading.report import classroom, gradebook, spreadsheets  # NumPy and jinja2

    cohort, book = Cohort(), gradebook.Book(catalog)
    for result in results:
        cohort.add(result)
        book.add(result)
    alike = similar.find(((entry.name, entry.read().sources) for entry in entries), catalog)
    for name, content in spreadsheets.tables(cohort, alike).items():
        write_whole(out / TABLES / name, content)
    files = {"report.html": classroom.page(cohort, alike), "gradebook.csv": book.content()}
    for name, content in files.items():
        write_whole(out / name, content)
    return [out / name for name in files]


def _write_page(out: Path) -> Callable[[Result, Submission, bool], None]:
    """Write the page that tells a student why, where it isn't the one that is there."""
    from grading.report import html  # jinja2

    def page(result: Result, submission: Submission, changed: bool) -> None:
        path = out / PAGES / f"{result.submission}.html"
        if changed or not path.exists():
            write_whole(path, html.student_page(result, submission))

    return page


def _say_waiting(screen: Console) -> None:
    screen.print("  Another batch is at work on this folder: waiting for it to end.")
