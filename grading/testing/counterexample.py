"""A failed example as a few lines of Python that a student can paste to see it fail.

The handles note each step of an example (`Step`). Here it is found how to come to the value that
was wrong; what that takes (making objects, arguments by their names) is written by statements.
"""

from __future__ import annotations

from textwrap import shorten
from typing import Any

from torch import Tensor

from grading import wire
from grading.session.remote import Step
from grading.testing.differences import Form, Gradient
from grading.testing.literals import UnknownError, literal
from grading.testing.statements import Statements, objects, objects_in

MAX_LINES, MAX_CHARACTERS = 12, 4000


def snippet(
    stem: str, source: str, steps: list[Step], compared: tuple[Any, Any] | None, words: str
) -> str:
    """The lines that show what came and what was expected; nothing where they would be too many.

    What came is looked for among what the steps gave. Where it isn't there (a test went on to
    compute with it), the last call's result is shown, and `words` say what is wrong with it.
    """
    got, expected = compared or (None, None)
    for replays in (True, False):
        writer = _Shown(source, steps, replays)
        try:
            lines = writer.lines_for(stem, got, expected, words)
        except UnknownError:
            return ""
        text = "\n".join(lines)
        if len(lines) <= MAX_LINES and len(text) <= MAX_CHARACTERS:
            return text
    return ""


class _Shown(Statements):
    """Finds among the steps what is to be shown."""

    def lines_for(self, stem: str, got: Any, expected: Any, words: str) -> list[str]:
        """All lines for a value that is wrong, or for the last call where no step gave it."""
        shown = self.expression(got)
        if shown is None:
            return self.program(stem, self.last_call(), None, words)
        return self.program(stem, *_at_issue(shown, got, expected), words)

    def program(self, stem: str, shown: str, expected: Any, words: str) -> list[str]:
        """All lines, imports first."""
        if isinstance(expected, str):
            shown, expected = f"repr({shown})", repr(expected)  # so that spaces are seen
        last = [f'print("got", {shown})']
        if expected is not None:
            last.append(f'print("expected", {literal(expected)})')
        else:
            last.append(f"# {shorten(words.splitlines()[0], 2 * 76, placeholder=' …')}")
        made = ["; ".join(self.made)] if self.made else []
        lines = [*made, *self.lines, *last]
        used = [f"import {name}" for name in ("torch", "numpy") if f"{name}." in "\n".join(lines)]
        own = [f"from {stem} import {', '.join(self.imported)}"] if self.imported else []
        return [*used, *own, *lines]

    def last_call(self) -> str:
        """The last call of the student's code, or of an object that it has made or been given."""
        last, theirs = None, set[wire.Ref]()
        for step in self.steps:
            used = {thing.ref for thing in objects(step)}
            if step.what == "call" and (isinstance(step.target, str) or used & theirs):
                theirs |= used | {thing.ref for thing in objects_in(step.result)}
                last = step
        if last is None:
            raise UnknownError
        return self.call(last)

    def expression(self, got: Any) -> str | None:
        """How to come to a value; None for one that no step gave."""
        if isinstance(got, Gradient):
            return self.gradient(got)
        for number, step in reversed(list(enumerate(self.steps))):
            place = _place(step.result, got)
            if place is not None and step.what == "call":
                # one 8 is like another: only of the last call is it known that it is its own
                plain = isinstance(got, int | str) and step is not self.steps[-1]
                return None if plain else self.call(step) + place
            if place is not None and step.what == "state":
                self.run_until(step)
                return f"{self.object(step.target)}.state_dict(){place}"
            if place is not None and step.what == "arguments":
                return self.argument_after(self.steps[:number], place)
        return None

    def argument_after(self, steps: list[Step], place: str) -> str | None:
        """An argument after the last of these calls, by its name; None for one that has none."""
        call = [step for step in steps if step.what == "call"][-1]
        index, _, rest = place.removeprefix("[").partition("]")
        line = f"_ = {self.call(call)}"
        name = self.names.get(id(call.args[int(index)]), "")
        self.lines.append(line)
        return name + rest if name.isidentifier() else None

    def gradient(self, got: Gradient) -> str | None:
        """A gradient, with the argument by its name."""
        result = self.expression(got.result)
        name = self.names.get(id(got.leaf))
        if result is None or name is None:
            return None
        if not got.result.requires_grad:
            return f"{result}.requires_grad"
        ones = bool((got.upstream == 1).all())
        loss = f"{result}.sum()" if ones else f"({result} * {literal(got.upstream)}).sum()"
        return f"torch.autograd.grad({loss}, {name}, allow_unused=True)[0]"


def _at_issue(shown: str, got: Any, expected: Any) -> tuple[str, Any]:
    """Of an answer what is wrong with it, where that is its shape alone."""
    shaped = isinstance(got, Tensor) and isinstance(expected, Tensor | Form)
    if shaped and got.shape != expected.shape:
        return f"tuple({shown}.shape)", tuple(expected.shape)
    return shown, None if isinstance(expected, Form) else expected


def _place(result: Any, got: Any) -> str | None:
    """Where in a result a value stands, as what to write behind it; None for nowhere."""
    if result is got:
        return None if got is None else ""
    if isinstance(result, Tensor):
        return ".grad" if result.is_leaf and result.grad is got and got is not None else None
    inside = dict(enumerate(result)) if isinstance(result, list | tuple) else result
    for key, item in inside.items() if isinstance(inside, dict) else ():
        place = _place(item, got)
        if place is not None:
            return f"[{key!r}]{place}"
    return None
