"""A failed example as a few lines of Python that a student can paste to see it fail.

The handles note each step of an example (`Step`). What is needed to come to the value that was
wrong is written down as statements: making objects, the arguments by their names, the call.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any

import numpy as np
import torch
from torch import Tensor

from grading import by_hand, wire
from grading.checks import Gradient
from grading.literals import UnknownError, by_name, give, gradients, literal
from grading.remote import Once, RemoteObject, Step

MAX_LINES, MAX_CHARACTERS = 12, 4000


def snippet(
    stem: str, source: str, steps: list[Step], compared: tuple[Any, Any] | None, words: str
) -> str:
    """The lines that show what came and what was expected; nothing where they would be too many.

    What came is looked for among what the steps gave. Where it isn't there (a test went on to
    compute with it), the last call's result is shown, and `words` say what is wrong with it.
    """
    got, expected = compared or (None, None)
    try:
        writer = _Writer(source, steps)
        shown = writer.expression(got)
        if shown is None:
            shown, expected = writer.last_call(), None
        lines = writer.program(stem, shown, expected, words)
    except UnknownError:
        return ""
    text = "\n".join(lines)
    return text if len(lines) <= MAX_LINES and len(text) <= MAX_CHARACTERS else ""


@dataclass
class _Writer:
    """Writes steps down as statements, each once, in the order in which they were made."""

    source: str
    steps: list[Step]
    names: dict[int | wire.Ref, str] = field(default_factory=dict)
    imported: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def program(self, stem: str, shown: str, expected: Any, words: str) -> list[str]:
        """All lines, imports first."""
        imports = [f"from {stem} import {', '.join(self.imported)}"] if self.imported else []
        if isinstance(expected, str):
            shown, expected = f"repr({shown})", repr(expected)  # so that spaces are seen
        last = [f'print("got", {shown})']
        if expected is not None:
            last.append(f'print("expected", {literal(expected)})')
        else:
            last.append(f"# {shorten(words.splitlines()[0], 2 * 76, placeholder=' …')}")
        made = ["; ".join(self.made)] if self.made else []
        return ["import torch", *imports, *made, *self.lines, *last]

    def last_call(self) -> str:
        """The last call of the student's code."""
        calls = [step for step in self.steps if step.what == "call"]
        if not calls:
            raise UnknownError
        return self.call(calls[-1])

    def expression(self, got: Any) -> str | None:
        """How to come to a value; None for one that no step gave."""
        if isinstance(got, Gradient):
            return self.gradient(got)
        for step in reversed(self.steps):
            place = _place(step.result, got)
            if place is not None and step.what == "call":
                return self.call(step) + place
            if place is not None and step.what == "state":
                self.run_until(step)
                return f"{self.object(step.target)}.state_dict(){place}"
        return None

    def gradient(self, got: Gradient) -> str | None:
        """A gradient, with the argument by its name."""
        result = self.expression(got.result)
        name = self.names.get(id(got.leaf))
        if result is None or name is None:
            return None
        ones = bool((got.upstream == 1).all())
        loss = f"{result}.sum()" if ones else f"({result} * {literal(got.upstream)}).sum()"
        return f"torch.autograd.grad({loss}, {name})[0]"

    # --- steps --------------------------------------------------------------------------------

    def call(self, step: Step) -> str:
        """A call, with all that it needs written down before it."""
        self.run_until(step)
        return self.invocation(step)

    def run_until(self, last: Step) -> None:
        """Earlier steps that changed an object which the last one uses."""
        used = {value.ref.number for value in _objects(last)}
        for step in self.steps:
            if step is last:
                return
            touched = {value.ref.number for value in _objects(step)} & used
            if touched and step.what == "call" and isinstance(step.target, str):
                if not isinstance(step.result, RemoteObject):
                    self.lines.append(self.invocation(step))
            elif touched and step.what in ("load", "to", "train", "set_gradients"):
                self.change(step)

    def change(self, step: Step) -> None:
        """A change of an object."""
        name = self.object(step.target)
        if step.what == "load":
            if any(value.dtype == torch.float64 for value in step.args[0].values()):
                self.made.append(f"{name}.double()")
            line = f"{name}.load_state_dict({by_name(step.args[0])}, strict=False)"
            if self.lines[-1:] != [line]:
                self.lines.append(line)
        elif step.what == "set_gradients":
            grads = by_name(step.args[0])
            self.lines.append(give(f"{grads}[k]", f"k, p in {name}.named_parameters()"))
        elif step.what == "to":
            self.made.append(f"{name}.to({step.args[0]})")
        else:
            self.made.append(f"{name}.train({step.args[0]})")

    def invocation(self, step: Step) -> str:
        """The call itself."""
        if isinstance(step.target, str):
            if step.target not in self.imported:
                self.imported.append(step.target)
            called, names = step.target, _parameters(self.source, step.target)
        else:
            called, names = self.object(step.target), ["x"]
        named = zip(step.args, [*names, *[""] * len(step.args)], strict=False)
        arguments = [self.argument(value, name) for value, name in named]
        arguments += [f"{k}={self.argument(v, k)}" for k, v in step.kwargs.items()]
        return f"{called}({', '.join(arguments)})"

    def argument(self, value: Any, name: str) -> str:
        """A short argument as it is, a long one by a name of its own."""
        if isinstance(value, RemoteObject):
            return self.object(value)
        if id(value) in self.names:
            return self.names[id(value)]
        if not isinstance(value, Tensor | np.ndarray | list | tuple) or not name:
            return literal(value)
        name = _free(name, self.names)
        once = isinstance(value, Once)
        self.lines.append(f"{name} = {literal(list(value) if once else value)}")
        self.lines += gradients(name, value)
        self.names[id(value)] = f"iter({name})" if once else name
        return self.names[id(value)]

    def object(self, thing: RemoteObject) -> str:
        """An object by its name, made where it wasn't yet."""
        if thing.ref not in self.names:
            making = (step for step in self.steps if isinstance(step.result, RemoteObject))
            step = next(step for step in making if step.result.ref == thing.ref)
            self.names[thing.ref] = name = _free(_object_name(step), self.names)
            self.make(step, name)
        return self.names[thing.ref]

    def make(self, step: Step, name: str) -> None:
        """The making of an object."""
        if step.what == "call":
            self.made.append(f"{name} = {self.invocation(step)}")
        elif step.target == "Chain":
            parts = {key: self.object(part) for key, part in step.kwargs.items()}
            targets = ", ".join(f"{name}.{key}" for key in parts)
            self.made.append(f"{name} = torch.nn.Sequential()")
            self.made.append(f"{targets} = {', '.join(parts.values())}")
        elif step.target == "Pick":
            path = "".join(f"[{index}]" for index in step.args)
            forward = f'{{"forward": lambda self, value: value{path}}}'
            self.made.append(f'{name} = type("Pick", (torch.nn.Module,), {forward})()')
        elif step.target == "Spy":
            self.made.append(f"{name} = torch.nn.Identity()")
        else:
            given = [self.argument(value, "") for value in step.args]
            if step.target.startswith("torch.optim."):
                given[0] += ".parameters()"
            given += [f"{key}={value!r}" for key, value in step.kwargs.items()]
            target = step.target.replace("numpy.", "__import__('numpy').")
            self.made.append(f"{name} = {target}({', '.join(given)})")


def _objects(step: Step) -> list[RemoteObject]:
    """The objects that a step uses."""
    given = [step.target, *step.args, *step.kwargs.values()]
    return [value for value in given if isinstance(value, RemoteObject)]


def _object_name(step: Step) -> str:
    """What an object is called: by its kind."""
    kind = str(step.target).rpartition(".")[2]
    known = {"SGD": "optimizer", "Adam": "optimizer", "default_rng": "rng", "Linear": "fc"}
    named = known.get(kind, "loss_fn" if kind.endswith("Loss") else kind.lower())
    return "model" if step.what == "call" or kind == "Chain" else named


def _free(name: str, names: dict[int | wire.Ref, str]) -> str:
    while name in names.values():
        name += "_"
    return name


def _place(result: Any, got: Any) -> str | None:
    """Where in a result a value stands, as an index to write behind it; None for nowhere."""
    if result is got and got is not None:
        return ""
    if isinstance(result, list | tuple):
        result = dict(enumerate(result))
    items = result.items() if isinstance(result, dict) else ()
    return next((f"[{key!r}]" for key, item in items if item is got), None)


def _parameters(source: str, name: str) -> list[str]:
    """The names of a function's parameters, as the student's file has them."""
    for node in by_hand.parsed(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return [argument.arg for argument in node.args.args]
    return []
