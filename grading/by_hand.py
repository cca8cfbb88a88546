"""What parts are to do without: by hand means that no torch name of a list is used.

A part's own definition is read, and what it reaches in the same file by name, be it a function or
a table that was filled while the file was loaded; other parts, and what stands under
`if __name__ == "__main__":`, are nobody's business. Meant for honest use: the worker's watch sees
at run time what a text can hide, and that is noted here as well.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache

from torch import nn

from grading import outcomes

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass
class Forbidden:
    """The torch names that each part of a submission may not use, and what was seen of them."""

    names: dict[str, tuple[str, ...]]
    _seen: dict[str, str] = field(default_factory=dict)

    def of(self, part: str) -> tuple[str, ...]:
        """Those of one part."""
        return self.names.get(part, ())

    def everywhere(self) -> tuple[str, ...]:
        """Those of all parts."""
        return tuple(sorted({name for names in self.names.values() for name in names}))

    def check(self, part: str, source: str) -> None:
        """Raises NotByHand for a part that names a tool in the source, or was seen to use one."""
        if part not in self._seen:
            self._seen[part] = first_use(source, part, self.of(part))
        if self._seen[part]:
            raise self.used(part, self._seen[part])

    def used(self, part: str, seen: str) -> outcomes.NotByHand:
        """What a part comes to that was seen to use a tool, from now on."""
        self._seen[part] = seen
        return outcomes.NotByHand(f"{part} is to be written by hand: {seen}")


def first_use(source: str, part: str, forbidden: tuple[str, ...]) -> str:
    """The first forbidden name that a part uses, as `line 12 uses torch.nn.RNN`; or nothing.

    Source that can't be parsed uses nothing: loading it will say what is wrong.
    """
    tree = parsed(source) if forbidden else ast.Module([], [])
    aliases = _imports(tree)
    uses = [
        (line, head)
        for definition in _reached(tree, part)[1]
        for line, name in _names(definition, aliases)
        if (head := _forbidden_head(name, forbidden))
    ]
    return "line {} uses {}".format(*min(uses)) if uses else ""


def reaches(source: str, part: str, other: str) -> bool:
    """Does a part come to another definition of its file by name?"""
    names, _ = _reached(parsed(source), part)
    return other in names


def reaches_beyond(source: str, part: str, line: int) -> bool:
    """Does a part come to anything that stands below this line of its file?"""
    tree = parsed(source)
    above = ast.Module([node for node in tree.body if node.lineno <= line], [])
    before, after = _imports(above), _imports(tree)
    rebound = {name for name in after if after[name] != before.get(name)}
    _, statements = _reached(tree, part)
    used = set().union(*map(_looked_up, statements))
    return bool(used & rebound) or any(node.lineno > line for node in statements)


@lru_cache(maxsize=1)
def parsed(source: str) -> ast.Module:
    """The source's tree; an empty one for source that can't be parsed.

    Kept for the next part that asks: a file of a mebibyte can take a second, and much memory.
    """
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


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
    """Is it on the list, or a module class where the list has all of them (`torch.nn.Module`)?"""
    if name in forbidden or "torch.nn.Module" not in forbidden:
        return name in forbidden
    found = getattr(nn, name.removeprefix("torch.nn."), None)
    return isinstance(found, type) and issubclass(found, nn.Module)


def _imports(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for: {"nn": "torch.nn", "F": "torch.nn.functional"}."""
    aliases = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                aliases[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                aliases[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return aliases


def _reached(tree: ast.Module, part: str) -> tuple[set[str], list[ast.stmt]]:
    """The names that a part comes to in its file, its own first, and the statements behind them.

    Each statement is looked through once, whatever number of names it binds.
    """
    definitions = _definitions(tree)
    names: set[str] = set()
    statements: dict[int, ast.stmt] = {}
    waiting = [part]
    while waiting:
        name = waiting.pop()
        if name in definitions and name not in names:
            names.add(name)
            fresh = [node for node in definitions[name] if id(node) not in statements]
            statements.update((id(node), node) for node in fresh)
            waiting.extend(sorted(set().union(*map(_looked_up, fresh))))
    return names, list(statements.values())


def _definitions(tree: ast.Module) -> dict[str, list[ast.stmt]]:
    """What makes each name of the file what it is: its last definition, and what comes after."""
    definitions: dict[str, list[ast.stmt]] = {}
    for statement in tree.body:
        for name in _bound(statement):
            if isinstance(statement, _DEFINITIONS):
                definitions[name] = []
            definitions.setdefault(name, []).append(statement)
    return definitions


def _bound(statement: ast.stmt) -> set[str]:
    """The names that a statement of the file gives a value to, or to what they hold."""
    if isinstance(statement, _DEFINITIONS):
        return {statement.name}
    if isinstance(statement, ast.Import | ast.ImportFrom) or _is_main(statement):
        return set()
    targets = (n for n in ast.walk(statement) if isinstance(getattr(n, "ctx", None), ast.Store))
    return {name.id for target in targets if isinstance(name := _base(target), ast.Name)}


def _base(target: ast.AST) -> ast.AST:
    """What an attribute or a subscript is one of, in the end: `table` of `table["rnn"].size`."""
    while isinstance(target, ast.Attribute | ast.Subscript):
        target = target.value
    return target


def _is_main(statement: ast.stmt) -> bool:
    """Is it `if __name__ == "__main__":`? It does nothing where the file is graded."""
    if not isinstance(statement, ast.If):
        return False
    constants = (n.value for n in ast.walk(statement.test) if isinstance(n, ast.Constant))
    return "__main__" in constants


def _looked_up(definition: ast.stmt) -> set[str]:
    """The names that a definition looks up in its file: not those of its own variables.

    Defaults are looked up outside, even those of an argument that has their name.
    """
    names = _names_in(definition)
    own = {node.id for node in names if not isinstance(node.ctx, ast.Load)}
    own |= {node.arg for node in ast.walk(definition) if isinstance(node, ast.arg)}
    arguments = getattr(definition, "args", None)
    defaults = [*arguments.defaults, *filter(None, arguments.kw_defaults)] if arguments else []
    outside = {node.id for default in defaults for node in _names_in(default)}
    return {node.id for node in names} - own | outside


def _names_in(tree: ast.AST) -> list[ast.Name]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Name)]


def _names(definition: ast.stmt, aliases: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Each dotted name in a definition, with imports resolved, and its line."""
    waiting: list[ast.AST] = [definition]
    while waiting:
        node = waiting.pop()
        dots: list[str] = []
        while isinstance(node, ast.Attribute):
            dots.append(node.attr)
            node = node.value
        if isinstance(node, ast.Name) and node.id in aliases:
            yield node.lineno, ".".join([aliases[node.id], *reversed(dots)])
        waiting.extend(ast.iter_child_nodes(node))
