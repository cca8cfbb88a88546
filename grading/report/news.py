"""What a save changed, on the screen: one line an exercise, and the first thing to mend."""

from __future__ import annotations

import time
from collections.abc import Mapping

from rich.console import Console
from rich.text import Text

from grading.counting import counted
from grading.report import terminal
from grading.report.text import visible
from grading.results import ExerciseResult, PartResult, Status

FINISHED = """\
  ★ All {points:g} points: every exercise of this lesson is right.
    The next lesson: LSTM and GRU in depth. What does each gate learn to keep,
    and why does the gradient get through?
"""


def show(
    exercise: ExerciseResult, before: Mapping[str, PartResult], seconds: float, console: Console
) -> None:
    """Say in one line what turned since `before` (an exercise's parts, by name)."""
    line = Text.assemble((time.strftime("%H:%M:%S"), "dim"), "  ", (exercise.number, "bold"))
    line.append(f"  {exercise.score:g} / {exercise.max_score:g}  ")
    line.append(_problem(exercise) or _turns(exercise, before))
    console.print(line.append(f"  {seconds:.1f} s", "dim"), soft_wrap=not console.is_terminal)


def show_since(
    exercises: tuple[ExerciseResult, ...], before: Mapping[str, Status], console: Console
) -> None:
    """Say which parts turned right or wrong since the last time that this was watched."""
    pairs = [(part, before.get(f"{e.id}/{part.name}")) for e in exercises for part in e.parts]
    turned = [(part, old) for part, old in pairs if old is not None and _has_turned(part, old)]
    if turned:
        console.print(Text("  Since the last time: ").append(_turned(turned)))


def show_watching(path: str, hears_keys: bool, console: Console) -> None:
    """Say what is watched, and how to end that."""
    console.print(Text(f"  Watching {visible(path)}: save a file, and it is graded."))
    if hears_keys:
        show_keys(console)
    else:
        console.print(Text("  Ctrl-C ends this.", "dim"))
    console.print(Text("  Grading everything once first …", "dim"))


def show_keys(console: Console) -> None:
    """Say what can be typed."""
    console.print(Text("  Keys: h hint · a grade all · n next · q quit", "dim"))


def show_next(exercise: ExerciseResult, part: PartResult, console: Console) -> None:
    """Name the part that comes next."""
    console.print(Text.assemble("  Next: ", (f"{exercise.id} · {part.name}", "bold")))


def show_finished(points: float, console: Console) -> None:
    """Celebrate the last missing point, and point to the next lesson."""
    console.print(Text(f"\n{FINISHED.format(points=points)}", "bold green"))


def _problem(exercise: ExerciseResult) -> Text | None:
    if not exercise.problem:
        return None
    sign, _, style = terminal.SIGNS[exercise.status]
    return Text(f"{sign} {visible(exercise.problem).splitlines()[0]}", style)


def _turns(exercise: ExerciseResult, before: Mapping[str, PartResult]) -> Text:
    """What is new about the parts, in words."""
    known = [(part, before.get(part.name, part)) for part in exercise.parts]
    turned = [(part, old.status) for part, old in known if part.status is not old.status]
    moved = [
        f"{part.name} {old.score:g} → {counted(part.score, 'point')}"
        for part, old in known
        if part.status is old.status and part.score != old.score
    ]
    said = [_turned(turned)] if turned else []
    said += [Text(", ".join(moved), "yellow")] if moved else []
    return Text("; ").join(said) if said else Text("nothing turned right or wrong")


def _has_turned(part: PartResult, before: Status) -> bool:
    return (part.status is Status.PASSED) != (before is Status.PASSED)


def _turned(turned: list[tuple[PartResult, Status]]) -> Text:
    """The parts, gathered under the word for what became of them."""
    names: dict[tuple[str, str], list[str]] = {}
    for part, before in turned:
        sign, word, style = terminal.SIGNS[part.status]
        if before is Status.PASSED:
            word = "no longer right" if part.status is Status.FAILED else f"{word} (was right)"
        names.setdefault((f"{sign} {word}", style), []).append(part.name)
    return Text("; ").join(
        Text(f"{word}: {', '.join(parts)}", style) for (word, style), parts in names.items()
    )
