"""Steps of an example as statements of Python, each once, in the order in which they were made."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor

from grading import wire
from grading.session import definitions
from grading.session.remote import Once, RemoteObject, Step
from grading.testing.literals import by_name, give, gradients, literal

_TOLD = 'lambda spy, _: print("training:", spy.training, "gradients on:", torch.is_grad_enabled())'
"""What a spy tells when the model runs."""


@dataclass
class Statements:
    """What is needed to come to a call: objects, arguments by their names, earlier calls.

    With `replays`, an object's earlier calls are made again before the last: they may matter.
    """

    source: str
    steps: list[Step]
    replays: bool = False
    done: set[Step] = field(default_factory=set)
    names: dict[int | wire.Ref, str] = field(default_factory=dict)
    imported: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def call(self, step: Step) -> str:
        """A call, with all that it needs written down before it."""
        self.run_until(step)
        self.done.add(step)
        return self.invocation(step)

    def run_until(self, last: Step) -> None:
        """Earlier steps that changed an object which the last one uses."""
        used = _refs(last)
        for step in self.steps[: self.steps.index(last)]:
            touched = step not in self.done and _refs(step) & used
            if touched and step.what == "call" and (isinstance(step.target, str) or self.replays):
                self.done.add(step)
                self.lines.append(f"_ = {self.invocation(step)}")
            elif touched and step.what in ("load", "to", "train", "set_gradients"):
                self.done.add(step)
                if not self.is_overwritten(step):
                    self.change(step)

    def is_overwritten(self, load: Step) -> bool:
        """Are weights loaded that others take the place of before anything uses them?"""
        later = self.steps[self.steps.index(load) + 1 :]
        follows = next((step for step in later if _refs(load) <= _refs(step)), load)
        loads = load.what == follows.what == "load" and follows is not load
        return loads and load.args[0].keys() <= follows.args[0].keys()

    def change(self, step: Step) -> None:
        """A change of an object."""
        name = self.object(step.target)
        if step.what == "load":
            if any(value.dtype == torch.float64 for value in step.args[0].values()):
                self.become(f"{name} = {name}.double()")
            self.lines.append(f"_ = {name}.load_state_dict({by_name(step.args[0])}, strict=False)")
        elif step.what == "set_gradients":
            grads = by_name(step.args[0])
            self.lines.append(give(f"{grads}[k]", f"k, p in {name}.named_parameters()"))
        elif step.what == "to":
            if step.args[0] == torch.float64:
                self.become(f"{name} = {name}.double()")
        else:
            self.made.append(f"{name} = {name}.train({step.args[0]})")

    def become(self, line: str) -> None:
        """What an object is made to be once and for all."""
        if line not in self.made:
            self.made.append(line)

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
        once, gave = isinstance(value, Once), self.gave(value)
        made = self.call(gave) if gave else literal(list(value) if once else value)
        self.lines.append(f"{name} = {made}")
        self.lines += gradients(name, value)
        self.names[id(value)] = f"iter({name})" if once else name
        return self.names[id(value)]

    def name_of(self, value: Any) -> str:
        """The name of an argument that has one; of an iterator, that of what it goes through."""
        name = self.names.get(id(value), "")
        return name.removeprefix("iter(").removesuffix(")") if isinstance(value, Once) else name

    def gave(self, value: Any) -> Step | None:
        """The call that gave just this; None for a value of the test's own."""
        calls = (step for step in self.steps if step.what == "call")
        return next((step for step in calls if step.result is value), None)

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
            if any(step.what == "seen" for step in self.steps):
                self.made.append(f"_ = {name}.register_forward_pre_hook({_TOLD})")
        else:
            given = [self.argument(value, "") for value in step.args]
            if step.target.startswith("torch.optim."):
                given[0] += ".parameters()"
            given += [f"{key}={value!r}" for key, value in step.kwargs.items()]
            self.made.append(f"{name} = {step.target}({', '.join(given)})")


def objects(step: Step) -> list[RemoteObject]:
    """The objects that a step uses."""
    return objects_in(step.target, *step.args, *step.kwargs.values())


def objects_in(*values: Any) -> list[RemoteObject]:
    """Those of the values that are objects in the worker."""
    return [value for value in values if isinstance(value, RemoteObject)]


def _refs(step: Step) -> set[wire.Ref]:
    """The numbers of the objects that a step uses."""
    return {thing.ref for thing in objects(step)}


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


def _parameters(source: str, name: str) -> list[str]:
    """The names of a function's parameters, as the student's file has them."""
    for node in definitions.parsed(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return [argument.arg for argument in node.args.args]
    return []
