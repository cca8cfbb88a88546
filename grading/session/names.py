"""What one statement of a submission's file does with names, as its text tells.

The names that it binds, looks up, fills and hands over: what definitions.py follows through a file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import TypeGuard

MAX_NAME = 200
"""Characters of a dotted name, which each use of another name for it would cost again."""

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)

_ADDS = ("append", "add", "extend", "insert")
"""Methods that add to a table, and read nothing of it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What one statement of a file does with names: those of its own variables left out.

    `bound` get a value or hold one that does, `looked_up` are read, to what `filled` hold something
    is added, and `handed` over are names to functions. Does it add to what it is `given` itself?
    """

    bound: Set[str]
    looked_up: Set[str]
    filled: Set[str]
    handed: Mapping[str, Set[str]]
    given: bool


@dataclass
class _Seen:
    """What a walk through a statement has met: names, and what gets or is fed something.

    `unread` are the places where an item is added to a table, of which nothing is read there.
    """

    loaded: set[str] = field(default_factory=set)
    unread: set[ast.AST] = field(default_factory=set)
    own: set[str] = field(default_factory=set)
    shared: set[str] = field(default_factory=set)
    defined: set[str] = field(default_factory=set)
    targets: list[ast.AST] = field(default_factory=list)
    fed: list[ast.AST] = field(default_factory=list)
    handed: dict[str, set[str]] = field(default_factory=dict)

    def note(self, node: ast.AST) -> None:
        """Note one node.

        A method is called to add something where nobody takes its result (`table.append(x)`), and
        setattr always. To read a table, or to print it, adds nothing.
        """
        if isinstance(node, ast.Name):
            if node not in self.unread:
                (self.loaded if isinstance(node.ctx, ast.Load) else self.own).add(node.id)
        elif isinstance(node, ast.Attribute | ast.Subscript):
            self.targets += [] if isinstance(node.ctx, ast.Load) else [node]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            arguments = [*node.args, *(word.value for word in node.keywords)]
            self.handed.setdefault(node.func.id, set()).update(_names_of(arguments))
            self.fed += node.args[:1] if node.func.id == "setattr" else []
        elif isinstance(node, ast.Expr):
            call = getattr(node.value, "elt", node.value)  # or one for each item of a list
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute):
                self.fed.append(call.func)
                self.unread.update([call.func.value] if call.func.attr in _ADDS else [])
        elif isinstance(node, ast.arg):
            self.own.add(node.arg)
        elif isinstance(node, ast.Global):
            self.shared.update(node.names)
        elif isinstance(node, DEFINITIONS):
            self.defined.add(node.name)


def facts_of(statement: ast.stmt) -> Facts:
    """Look through a statement of a file."""
    seen, targets = _Seen(), set[str]()
    if isinstance(statement, _IMPORTS):
        return Facts(targets, targets, targets, {}, False)
    for node in walk(statement):
        seen.note(node)
    own = seen.own - seen.shared - _defaults(statement)
    targets = _names_of(seen.targets)
    looked_up, filled = seen.loaded - own, targets | _names_of(seen.fed)
    if not isinstance(statement, DEFINITIONS):
        return Facts(seen.defined | own | targets, looked_up, filled, seen.handed, False)
    gives = isinstance(statement, _FUNCTIONS) and not filled.isdisjoint(_arguments(statement))
    handed = {name: names - own for name, names in seen.handed.items()}
    return Facts({statement.name}, looked_up, filled - own | seen.shared, handed, gives)


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    return {node.arg for node in walk(function.args) if isinstance(node, ast.arg)}


def _defaults(statement: ast.stmt) -> set[str]:
    """The names in a function's defaults, which are looked up outside, even as an argument's."""
    if not isinstance(statement, _FUNCTIONS):
        return set()
    defaults = [*statement.args.defaults, *filter(None, statement.args.kw_defaults)]
    return set().union(*map(names_in, defaults))


def imports(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for: {"nn": "torch.nn", "F": "torch.nn.functional"}.

    Without names that are longer than any of torch's, and those that the file defines itself below.
    """
    aliases = {}
    defined = {node.name: node.lineno for node in tree.body if isinstance(node, DEFINITIONS)}
    for node in (node for node in walk(tree) if isinstance(node, _IMPORTS)):
        for name, meant in _imported(node):
            if len(meant) < MAX_NAME and node.lineno > defined.get(name, 0):
                aliases[name] = meant
    return aliases


def _imported(node: ast.Import | ast.ImportFrom) -> Iterator[tuple[str, str]]:
    """What an import binds, and what that stands for."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            first = alias.name.partition(".")[0]
            yield (alias.asname, alias.name) if alias.asname else (first, first)
    elif 0 < len(node.module or "") < MAX_NAME:
        for alias in node.names:
            yield alias.asname or alias.name, f"{node.module}.{alias.name}"


def names_in(tree: ast.AST) -> set[str]:
    """All names in a tree, whoever's they are."""
    return {node.id for node in walk(tree) if isinstance(node, ast.Name)}


def _names_of(nodes: Iterable[ast.AST]) -> set[str]:
    """The names of which these are, or are a piece."""
    return {name.id for node in nodes if isinstance(name := _base(node), ast.Name)}


def _base(target: ast.AST) -> ast.AST:
    """What an attribute or a subscript is one of, in the end: `table` of `table["rnn"].size`.

    What a method gives is a piece, too: `table` of `table.setdefault("rnn", [])`.
    """
    while isinstance(target, ast.Attribute | ast.Subscript) or _is_method_call(target):
        target = target.func if isinstance(target, ast.Call) else target.value
    return target


def _is_method_call(node: ast.AST) -> TypeGuard[ast.Call]:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)


def walk(tree: ast.AST) -> Iterator[ast.AST]:
    """A tree's nodes as they stand in the text, in half the time that ast.walk takes."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for name in reversed(node._fields):
            value = getattr(node, name, None)
            if isinstance(value, list):
                waiting += [item for item in reversed(value) if isinstance(item, ast.AST)]
            elif isinstance(value, ast.AST) and not isinstance(value, ast.expr_context):
                waiting.append(value)
