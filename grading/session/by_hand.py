"""What parts are to do without: by hand means that no torch name of a list is used.

A part's own definition is read, and what it reaches in the same file by name, be it a function or
a table that was filled while the file was loaded; other parts, what stands under
`if __name__ == "__main__":`, and a self-check of which the part reads nothing, are nobody's
business. Meant for honest use: the worker's watch sees at run time what a text can hide, and that
is noted here as well.
"""

from __future__ import annotations

import ast
import operator
from collections import ChainMap
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache

import torch
from torch import nn

from grading.catalog import Exercise
from grading.session import outcomes
from grading.session.definitions import (
    MAX_WORDS,
    is_too_long,
    parsed,
    reached,
    read_file,
    run_at_load,
)
from grading.session.names import DEFINITIONS, MAX_NAME, facts_of, imports, names_in, walk


@dataclass
class Forbidden:
    """The torch names that each part of a submission may not use, and what was seen of them."""

    names: dict[str, tuple[str, ...]]
    _seen: dict[str, str] = field(default_factory=dict)

    @classmethod
    def by(cls, exercise: Exercise) -> Forbidden:
        """What the parts of an exercise are to do without."""
        return cls({part.name: part.by_hand for part in exercise.parts})

    def of(self, part: str) -> tuple[str, ...]:
        """Those of one part."""
        return self.names.get(part, ())

    def everywhere(self) -> tuple[str, ...]:
        """Those of all parts."""
        return tuple(sorted({name for names in self.names.values() for name in names}))

    def check(self, part: str, source: str) -> None:
        """Raises NotByHand for a part that names a tool in the source, or was seen to use one."""
        if part not in self._seen:
            self._seen[part] = first_use(source, part, self.of(part), frozenset(self.names))
        if self._seen[part]:
            raise self.used(part, self._seen[part])

    def used(self, part: str, seen: str) -> outcomes.NotByHand:
        """What a part comes to that was seen to use a tool, from now on."""
        self._seen[part] = seen
        return outcomes.NotByHand(f"{part} is to be written by hand: {seen}")


def torch_has(name: str) -> bool:
    """Is there anything of this dotted name, `torch.nn.RNN` say?"""
    head, _, tail = name.partition(".")
    try:
        return head == "torch" and bool(operator.attrgetter(tail)(torch))
    except AttributeError:
        return False


def first_use(
    source: str, part: str, forbidden: tuple[str, ...], parts: frozenset[str] = frozenset()
) -> str:
    """The first forbidden name that a part uses, as `line 12 uses torch.nn.RNN`; or nothing.

    What the other `parts` fill while they are tested, and this one reads, it uses as well.

    Source that can't be parsed uses nothing: loading it will say what is wrong.
    """
    if not forbidden:
        return ""
    if is_too_long(source):
        return f"its file has over {MAX_WORDS:,} words and signs, too many to be read"
    tree = parsed(source)
    aliases = _aliases(tree)
    uses = [
        (line, head)
        for definition in reached(read_file(tree, parts), {part})[1]
        if not _names_alone(definition)
        for line, name in _names(definition, aliases)
        if (head := _forbidden_head(name, forbidden))
    ]
    return "line {} uses {}".format(*min(uses)) if uses else ""


def _names_alone(statement: ast.stmt) -> bool:
    """Is it a statement at the top of the file that calls nothing, such as `{"rnn": nn.RNN}`?

    Where the part goes on to call what is named there, the worker's watch sees that.
    """
    is_apart = isinstance(statement, DEFINITIONS)
    return not is_apart and not any(isinstance(node, ast.Call) for node in walk(statement))


def _forbidden_head(name: str, forbidden: tuple[str, ...]) -> str:
    """The forbidden name that this one is or begins with (`torch.nn.RNN.forward`); or nothing."""
    steps = name.split(".")[: _most_steps(forbidden)]
    heads = (".".join(steps[:count]) for count in range(1, len(steps) + 1))
    return next((head for head in heads if _is_forbidden(head, forbidden)), "")


@cache
def _most_steps(forbidden: tuple[str, ...]) -> int:
    """How many steps the longest name of a list has: no further ones of a name matter."""
    return max(name.count(".") for name in forbidden) + 1


def _is_forbidden(name: str, forbidden: tuple[str, ...]) -> bool:
    """Is it on the list, or a class that comes of one there, as nn.RNN comes of nn.RNNBase?"""
    return name in forbidden or issubclass(_module_class(name), _module_classes(forbidden))


@cache
def _module_classes(forbidden: tuple[str, ...]) -> tuple[type, ...]:
    """The module classes of a list."""
    return tuple({_module_class(name) for name in forbidden} - {object})


def _module_class(name: str) -> type:
    """The module class of this name, `torch.nn.RNN` say; object for what is none."""
    found = getattr(nn, name.removeprefix("torch.nn."), None)
    return found if isinstance(found, type) and issubclass(found, nn.Module) else object


def _names(definition: ast.stmt, aliases: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Each dotted name in a definition, with imports and other names for it resolved; its line."""
    is_apart = isinstance(definition, DEFINITIONS)  # so that what it binds is nobody else's
    names = facts_of(definition).looked_up if is_apart else names_in(definition)
    known = {name: aliases[name] for name in names if name in aliases}
    known |= _renamed(definition, known)
    waiting: list[ast.AST] = [definition]
    while waiting:
        node = waiting.pop()
        if name := _dotted(node, known):
            yield getattr(node, "lineno", 0), name
        while isinstance(node, ast.Attribute):
            node = node.value
        waiting.extend(_what_runs(node))


def _what_runs(node: ast.AST) -> Iterator[ast.AST]:
    """What a node is made of, but for annotations that only name types: what they name isn't used.

    What a function makes of its annotations while it runs, the worker's watch sees.
    """
    annotations = (getattr(node, "annotation", None), getattr(node, "returns", None))
    for child in ast.iter_child_nodes(node):
        if child not in annotations or any(isinstance(part, ast.Call) for part in walk(child)):
            yield child


@lru_cache(maxsize=1)
def _aliases(tree: ast.Module) -> dict[str, str]:
    """What each name of the file stands for: an import, or `ATEN = torch.ops.aten` at the top."""
    aliases = imports(tree)
    for statement in run_at_load(tree):
        if not isinstance(statement, DEFINITIONS):
            aliases |= _renamed(statement, aliases)
    return aliases


def _renamed(tree: ast.stmt, aliases: dict[str, str]) -> dict[str, str]:
    """The names to which nothing but a dotted name is given: {"ATEN": "torch.ops.aten"}."""
    found: dict[str, str] = {}
    for node in walk(tree):
        name = _dotted(node.value, ChainMap(found, aliases)) if isinstance(node, ast.Assign) else ""
        if isinstance(node, ast.Assign) and 0 < len(name) < MAX_NAME:
            found |= {target.id: name for target in node.targets if isinstance(target, ast.Name)}
    return found


def _dotted(node: ast.AST, aliases: Mapping[str, str]) -> str:
    """`torch.nn.RNN` for `nn.RNN`; nothing for what isn't a name's attribute."""
    dots: list[str] = []
    while isinstance(node, ast.Attribute):
        dots.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name) or node.id not in aliases:
        return ""
    return ".".join([aliases[node.id], *reversed(dots)])
