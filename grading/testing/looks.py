"""What a test saw last, in lines that print it: a call's result, and what it looked at after that.

A result alone may be right where something else is wrong, a gradient or a weight that the call
should have changed. So all that was looked at is printed, and nothing that was not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor

from grading.session.remote import RemoteObject, Step
from grading.testing.literals import UnknownError, literal
from grading.testing.statements import Statements, objects, objects_in

LOOKS = {
    "state": ("parameters", "{}.state_dict()"),
    "gradients": ("gradients", "{{k: p.grad for k, p in {}.named_parameters()}}"),
    "trainable": ("requires_grad", "{{k: p.requires_grad for k, p in {}.named_parameters()}}"),
}
"""A look at a module: what its print begins with, and how it is written."""

_SHAPES = "{{k: tuple(v.shape) for k, v in {}.state_dict().items()}}"


@dataclass
class Looks(Statements):
    """Prints what was seen last. With `both`, also the result of the same function's call before.

    A test may have compared these two: "two generators in the same state gave different data".
    """

    both: bool = False

    def show(self, label: str, expression: str) -> None:
        """A line that prints."""
        self.lines.append(f'print("{label}", {expression})')

    def show_parts(self, thing: RemoteObject) -> None:
        """A module's parameters by name, with their shapes."""
        self.show("got", _SHAPES.format(self.object(thing)))

    def show_last(self) -> None:
        """The last call's result, and what was looked at after it."""
        calls = self.calls()
        if not calls:
            raise UnknownError
        last = calls[-1]
        looks = self.looks_after(last)
        if isinstance(last.result, RemoteObject) and _at(last.result, looks):
            self.show_parts(last.result)  # the module has not run yet
            return
        if self.both and not looks and last.result is not None:
            for before in calls[-2:-1]:
                if _called(before) == _called(last):
                    self.show("got", self.call(before))
        self.show_call(last, looks)
        for look in looks:
            self.show_look(look, last)

    def calls(self) -> list[Step]:
        """The calls of the student's code, and of objects that it has made or been given."""
        found, theirs = [], set[Any]()
        for step in self.steps:
            used = {thing.ref for thing in objects(step)}
            if step.what == "call" and (isinstance(step.target, str) or used & theirs):
                theirs |= used | {thing.ref for thing in objects_in(step.result)}
                found.append(step)
        return found

    def looks_after(self, call: Step) -> list[Step]:
        """What was looked at after a call, the last look at each thing."""
        later = self.steps[self.steps.index(call) + 1 :]
        known = (*LOOKS, "arguments")
        looks = {(step.what, _called(step)): step for step in later if step.what in known}
        return [step for step in looks.values() if self.is_known(step)]

    def is_known(self, look: Step) -> bool:
        """Can it be made to be seen? Gradients of a test's own loss may come of more than one."""
        return look.what != "gradients" or len(self.backward_before(look)) < 2

    def is_plain(self, look: Step) -> bool:
        """Is it a look at a module that shows the same after the student's calls alone?"""
        known = look.what in LOOKS
        return known and (look.what != "gradients" or not self.backward_before(look))

    def backward_before(self, look: Step) -> list[Step]:
        """The backward passes that the test itself asked for."""
        before = self.steps[: self.steps.index(look)]
        return [step for step in before if step.what == "backward"]

    def show_call(self, call: Step, looks: list[Step]) -> None:
        """A call's result; where nothing came and something was looked at, the call alone."""
        passes = [step for look in looks for step in self.backward_before(look)]
        if passes and looks[-1].what == "gradients":
            self.show_backward(call, passes[-1])
        elif call.result is None and looks:
            self.lines.append(f"_ = {self.call(call)}")
        else:
            self.show("got", self.call(call))

    def show_backward(self, call: Step, backward: Step) -> None:
        """A call's result, and what a backward pass from there leaves at its arguments."""
        if backward.target is not call or not isinstance(call.result, Tensor):
            raise UnknownError
        self.lines.append(f"result = {self.call(call)}")
        self.show("got", "result")
        self.lines.append(f"result.backward({literal(backward.args[0])})")
        for value in call.args:
            if isinstance(value, Tensor) and value.requires_grad and self.name_of(value):
                self.show(f"{self.name_of(value)}.grad", f"{self.name_of(value)}.grad")

    def show_look(self, look: Step, call: Step) -> None:
        """What a look showed."""
        self.run_until(look)
        if look.what in LOOKS:
            label, written = LOOKS[look.what]
            self.show(label, written.format(self.object(look.target)))
            return
        for value in call.args:
            if self.name_of(value):
                self.show_argument(value, self.name_of(value))

    def show_argument(self, value: Any, name: str) -> None:
        """An argument after the call: of parameters in a list, their gradients."""
        items = list(value) if isinstance(value, list | tuple) else []
        if any(isinstance(item, Tensor) and item.requires_grad for item in items):
            self.show("gradients", f"[p.grad for p in {name}]")
        else:
            self.show(name, name)


def _called(step: Step) -> Any:
    """What a step is about: a function by its name, an object by its number."""
    return step.target.ref if isinstance(step.target, RemoteObject) else step.target


def _at(thing: RemoteObject, looks: list[Step]) -> bool:
    return any(_called(look) == thing.ref for look in looks)
