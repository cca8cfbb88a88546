"""A failed example as a few lines of Python that a student can paste to see it fail.

The handles note each step of an example (`Step`). Here it is found how to come to the value that
was wrong; what that takes (making objects, arguments by their names) is written by statements, and
by looks what is shown where no step gave it.
"""

from __future__ import annotations

from textwrap import shorten
from typing import Any

import numpy as np
from torch import Tensor

from grading.session import outcomes
from grading.session.remote import Step
from grading.session.replies import Refusal
from grading.testing.differences import Form, Gradient
from grading.testing.literals import UnknownError, literal
from grading.testing.looks import LOOKS, Looks

MAX_LINES, MAX_CHARACTERS = 12, 4000


def snippet(stem: str, source: str, steps: list[Step], error: outcomes.Outcome) -> str:
    """The lines that show what came and what was expected; nothing where they would be too many.

    What came is looked for among what the steps gave. Where it isn't there (a test went on to
    compute with it), all that was seen last is shown, and a comment says what is wrong.
    """
    for replays, both in ((True, True), (True, False), (False, False)):
        writer = _Shown(source, steps, replays, both=both)
        try:
            lines = writer.lines_for(stem, error)
        except UnknownError:
            return ""
        text = "\n".join(lines)
        if len(lines) <= MAX_LINES and len(text) <= MAX_CHARACTERS:
            return text
    return ""


class _Shown(Looks):
    """Finds among the steps what is to be shown."""

    def lines_for(self, stem: str, error: outcomes.Outcome) -> list[str]:
        """All lines, imports first."""
        self.show_all(error)
        made = ["; ".join(self.made)] if self.made else []
        lines = [*made, *self.lines]
        used = [f"import {name}" for name in ("torch", "numpy") if f"{name}." in "\n".join(lines)]
        own = [f"from {stem} import {', '.join(self.imported)}"] if self.imported else []
        return [*used, *own, *lines]

    def show_all(self, error: outcomes.Outcome) -> None:
        """Print what is wrong; where there is nothing to compare it with, a comment tells it."""
        got, expected = getattr(error, "compared", None) or (None, None)
        shown = self.expression(got)
        if shown is None:
            self.show_seen(error)
        else:
            shown, expected = _at_issue(shown, got, expected)
            self.show_values(shown, expected)
        if shown is None or expected is None:
            seen = shorten(error.detail.splitlines()[0], 2 * 76, placeholder=" …")
            self.lines.append(f"# seen: {seen}")

    def show_seen(self, error: outcomes.Outcome) -> None:
        """Print what was seen last: of a module that didn't take the test's weights, its own."""
        loads = [step for step in self.steps if step.what == "load"]
        if isinstance(error, Refusal) and loads:
            self.show_parts(loads[-1].target)
        else:
            self.show_last()

    def show_values(self, shown: str, expected: Any) -> None:
        """Print what came, and what was expected where that is known."""
        if isinstance(expected, str):
            shown, expected = f"repr({shown})", repr(expected)  # so that spaces are seen
        self.show("got", shown)
        if expected is not None:
            self.show("expected", literal(expected))

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
            if place is not None and self.is_plain(step):
                self.run_until(step)
                return f"{LOOKS[step.what][1].format(self.object(step.target))}{place}"
            if place is not None and step.what == "arguments":
                return self.argument_after(self.steps[:number], place)
        return None

    def argument_after(self, steps: list[Step], place: str) -> str | None:
        """An argument after the last of these calls, by its name; None for one that has none."""
        call = [step for step in steps if step.what == "call"][-1]
        index, _, rest = place.removeprefix("[").partition("]")
        line = f"_ = {self.call(call)}"
        name = self.name_of(call.args[int(index)])
        self.lines.append(line)
        return name + rest if name else None

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
    """Of an answer what is wrong with it, where that is its shape or its dtype alone."""
    if isinstance(got, Tensor | np.ndarray) and isinstance(expected, Tensor | Form):
        if expected.shape is not None and tuple(got.shape) != tuple(expected.shape):
            return f"tuple({shown}.shape)", tuple(expected.shape)
        if expected.dtype is not None and got.dtype != expected.dtype:
            return f"{shown}.dtype", expected.dtype
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
