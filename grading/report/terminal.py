"""A result on the screen: one row an exercise, the first thing to work on, what comes next.

Fits 80 columns. Every colour has a word or a sign beside it: nothing is lost without colour.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from rich import box
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from grading.counting import counted
from grading.hints import Hint
from grading.report import facts
from grading.report.text import folded, visible
from grading.results import (
    SNIPPET_HEADING,
    ExerciseResult,
    PartResult,
    Result,
    Status,
    TestResult,
    Visibility,
)

WIDTH, NARROW = 80, 60
BAR = 10

SIGNS = {
    Status.PASSED: ("✓", "right", "green"),
    Status.FAILED: ("✗", "not right yet", "red"),
    Status.NOT_STARTED: ("·", "not started", "dim"),
    Status.MISSING: ("?", "missing", "yellow"),
    Status.ERROR: ("!", "error", "red"),
    Status.TIMEOUT: ("…", "took too long", "red"),
    Status.CRASHED: ("☠", "died", "red"),
    Status.VIOLATION: ("⚑", "rules broken", "red"),
}

STATUS_COLUMN = 15
_SHOWN_OUTPUT = 600


def show(result: Result, console: Console) -> None:
    """Print the whole screen that follows `check`."""
    console.print(score_table(result, console))
    first = facts.first_to_mend(result)
    for exercise in result.exercises:
        if exercise.problem and (first is None or exercise is not first[0]):
            _show_note(f"{exercise.id}: {visible(exercise.problem)}", console)
    if first is None:
        console.print(Padding(Text(facts.all_right(result), "bold green"), (1, 2)), width=WIDTH)
    else:
        show_part(*first, console)
        _show_next(facts.left_after(result, first), console)
    _show_footer(result, console)


def show_notes(notes: Iterable[str], console: Console) -> None:
    """Print what an eye should be kept on: files that were taken by another name, say."""
    for note in notes:
        _show_note(f"note: {visible(note)}", console)


def _show_note(text: str, console: Console) -> None:
    """Its second line, if it has one, stands below its first."""
    console.print(Padding(Text(text, "yellow"), (0, 2)), width=WIDTH)


def show_hint(hint: Hint, console: Console) -> None:
    """Print one rung of a hint ladder."""
    rung = f"hint {hint.rung} of {hint.rungs}" if hint.rung else "what your answers look like"
    title = f"{hint.exercise.number} · {hint.part} · {rung}"
    console.print(Text(title, "bold"))
    console.print(Padding(Text(hint.text), (0, 2)), width=WIDTH)
    again = f"python grader.py hint {hint.exercise.number} {hint.part}"
    if hint.rung < hint.rungs:
        console.print(Text(f"  More: {again}", "dim"))
    else:
        console.print(Text("  That was the last rung. From the start:", "dim"))
        console.print(Text(f"  {again} --reset", "dim"))


@contextmanager
def progress(console: Console) -> Iterator[_Bar]:
    """A bar that counts graded tests, where the screen is one for people."""
    with _rich_progress(console) as bars:
        yield _Bar(bars)


@contextmanager
def count(console: Console, what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar that is told how many of how many are done."""
    with _rich_progress(console) as bars:
        task = bars.add_task(what, total=None)
        yield lambda done, of: bars.update(task, completed=done, total=of, refresh=True)


class _Bar:
    """Draws what the grading run tells of its tests."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._task = bars.add_task("getting ready", total=None)

    def expect(self, tests: int) -> None:
        """So many tests will run."""
        self._bars.update(self._task, total=tests, refresh=True)

    def advance(self, stem: str) -> None:
        """One test of this exercise has ended."""
        self._bars.update(self._task, advance=1, description=stem, refresh=True)


def _rich_progress(console: Console) -> Progress:
    """Drawn when it is told something, never by a thread of its own: graders are forked here."""
    columns = (TextColumn("{task.description:<20}"), BarColumn(), MofNCompleteColumn())
    shown = console.is_terminal
    return Progress(
        *columns, console=console, transient=True, disable=not shown, auto_refresh=False
    )


def score_table(result: Result, console: Console) -> Table:
    """One row an exercise, as wide as the console allows, up to 80 columns; narrow without bars."""
    plain = console.options.ascii_only  # where blocks and signs would all become question marks
    table = Table(
        box=box.SIMPLE_HEAD,
        width=min(WIDTH, console.width),
        pad_edge=False,
        padding=(0, 1, 0, 0),
        show_footer=True,
    )
    table.add_column("", no_wrap=True)
    table.add_column("exercise", footer="all together", ratio=1, no_wrap=True, overflow="ellipsis")
    barred = console.width >= NARROW
    if barred:
        table.add_column("", width=BAR, no_wrap=True)
    total = f"{result.score:g} / {result.max_score:g}"
    table.add_column("points", footer=total, justify="right", no_wrap=True)
    table.add_column("", no_wrap=True, width=STATUS_COLUMN)
    for exercise in result.exercises:
        sign, word, style = SIGNS[exercise.status]
        bar = _bar(exercise.score / exercise.max_score, "#-" if plain else "█░")
        table.add_row(
            exercise.number,
            exercise.title,
            *([bar] if barred else []),
            f"{exercise.score:g} / {exercise.max_score:g}",
            Text(word if plain else f"{sign} {word}", style),
        )
    return table


def _bar(share: float, blocks: str) -> Text:
    full = int(share * BAR + 1e-9)
    style = "green" if full == BAR else "yellow"
    return Text(blocks[0] * full, style) + Text(blocks[1] * (BAR - full), "dim")


def show_part(
    exercise: ExerciseResult,
    part: PartResult,
    console: Console,
    heading: str = "Work on this first",
) -> None:
    """Print a part that isn't right: what must hold, what was seen, how to get a hint.

    Where it is the whole file that can't be graded, there is but that to be said.
    """
    test = facts.failing(exercise, part)[0]
    whole = bool(exercise.problem)
    title = f"{exercise.id}.py" if whole else f"{exercise.id} · {part.name}"
    graded = exercise if whole else part
    points = f"{graded.score:g} of {counted(graded.max_score, 'point')}"
    console.print(Text.assemble(f"  {heading}: ", (title, "bold"), f"  ({points})"))
    rows = [("seen", _seen(test))] if whole else [("must hold", test.title), ("seen", _seen(test))]
    if part.diagnosis is not None:
        rows.append(("it seems", part.diagnosis.say))
    if part.mend_first:
        rows.append(("mind", f"{facts.cause_words(part)}: mend it first"))
    if test.stdout.strip():
        rows.append(("printed", _cut(test.stdout.strip())))
    if not whole:
        rows.append(("a hint", test.hint))
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for name, text in rows:
        grid.add_row(name, Text(visible(text)))
    console.print(Padding(grid, (1, 2, 1, 4)), width=WIDTH)
    _show_snippet(test, console)


def _seen(test: TestResult) -> str:
    hidden = " (by a hidden test)" if test.visibility is Visibility.HIDDEN else ""
    words, _, _ = test.message.partition(f"\n\n{SNIPPET_HEADING}")
    return f"{words}{hidden}"


def _show_snippet(test: TestResult, console: Console) -> None:
    """Print the lines that show the failure as they are, so that they can be copied."""
    _, heading, lines = test.message.partition(SNIPPET_HEADING)
    if heading:
        console.print(Text(f"  {heading}", "dim"))
        console.print(Text(f"{folded(visible(lines), WIDTH)}\n"), soft_wrap=True)


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN_OUTPUT else f"{text[:_SHOWN_OUTPUT]}\n… ({len(text)} in all)"


def _show_next(left: Sequence[PartResult], console: Console) -> None:
    if left:
        names = ", ".join(part.name for part in left[:3])
        names += f" and {len(left) - 3} more" if len(left) > 3 else ""
        console.print(Padding(Text(f"After that: {names}."), (0, 2)), width=WIDTH)


def _show_footer(result: Result, console: Console) -> None:
    if left_out := facts.not_checked(result):
        console.print(Padding(Text(left_out, "yellow"), (0, 2)), width=WIDTH)
    run = f"isolation: {result.isolation.level} · seed {result.seed} · {result.duration:.1f} s"
    console.print(Text(f"  {run}", "dim"), width=WIDTH)
