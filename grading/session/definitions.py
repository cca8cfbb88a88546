"""What the definitions of a submission's file reach by name, as far as its text tells.

A definition comes to what it looks up: other definitions, and tables with the statements and
functions that filled them while the file was loaded. What stands under
`if __name__ == "__main__":` isn't run where a file is graded.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeGuard

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITIONS = (*_FUNCTIONS, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)


def reaches(source: str, part: str, other: str) -> bool:
    """Does a part come to another definition of its file by name?"""
    names, _ = reached(read_file(parsed(source)), {part})
    return other in names


def reaches_beyond(source: str, part: str, line: int) -> bool:
    """Does a part come to anything that stands below this line of its file?"""
    body = parsed(source).body
    file = read_file(parsed(source))
    _, statements = reached(file, {part})
    if any(node.lineno > line for node in statements):
        return True
    rebound = imports(ast.Module([node for node in body if node.lineno > line], []))
    used = set().union(*(file.facts[node].looked_up for node in statements))
    if used.isdisjoint(rebound):
        return False
    before = imports(ast.Module([node for node in body if node.lineno <= line], []))
    return any(rebound[name] != before.get(name) for name in used & set(rebound))


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


def imports(tree: ast.Module) -> dict[str, str]:
    """What each imported name stands for: {"nn": "torch.nn", "F": "torch.nn.functional"}."""
    aliases = {}
    for node in walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                aliases[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                aliases[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return aliases


@dataclass(frozen=True, slots=True)
class _Facts:
    """What one statement of a file does with names: those of its own variables left out.

    `bound` get a value or hold one that does, `looked_up` are read, to what `filled` hold something
    is added, and `handed` over are names to functions. Does it add to what it is `given` itself?
    """

    bound: Set[str]
    looked_up: Set[str]
    filled: Set[str]
    handed: Mapping[str, Set[str]]
    given: bool


@dataclass(frozen=True)
class _File:
    """What makes each name of a file what it is, and the facts of these statements."""

    definitions: dict[str, list[ast.stmt]]
    facts: dict[ast.stmt, _Facts]


@lru_cache(maxsize=1)
def read_file(tree: ast.Module) -> _File:
    """A file's names: the last definition of each, and what comes after.

    What fills it while the file is loaded comes last: statements, and functions that these call.
    """
    facts = {statement: facts_of(statement) for statement in run_at_load(tree)}
    definitions: dict[str, list[ast.stmt]] = {}
    for statement in facts:
        for name in facts[statement].bound:
            if isinstance(statement, DEFINITIONS):
                definitions[name] = []
            definitions.setdefault(name, []).append(statement)
    file, imported = _File(definitions, facts), imports(tree)
    fillers = {name for name in definitions if facts[definitions[name][0]].given}
    calling = [node for node in facts if not isinstance(node, DEFINITIONS)]
    _, called = reached(file, set().union(*(facts[node].looked_up for node in calling)))
    for statement in dict.fromkeys([*calling, *called]):
        handed = facts[statement].handed
        filled = set(facts[statement].filled)
        filled.update(*(handed[name] for name in handed if name in fillers))
        for name in (name for name in filled if name not in imported):
            definitions.setdefault(name, []).append(statement)
    return file


def reached(file: _File, first: Set[str]) -> tuple[set[str], list[ast.stmt]]:
    """The names that one comes to in a file, these first, and the statements behind them.

    Each statement is looked through once, whatever number of names it binds.
    """
    names: set[str] = set()
    statements: dict[ast.stmt, None] = {}
    waiting = sorted(first)
    while waiting:
        name = waiting.pop()
        if name in file.definitions and name not in names:
            names.add(name)
            fresh = [node for node in file.definitions[name] if node not in statements]
            statements.update(dict.fromkeys(fresh))
            waiting.extend(sorted(set().union(*(file.facts[node].looked_up for node in fresh))))
    return names, list(statements)


def run_at_load(tree: ast.Module) -> Iterator[ast.stmt]:
    """The file's statements, without what stands under `if __name__ == "__main__":`."""
    waiting = tree.body[::-1]
    while waiting:
        statement = waiting.pop()
        if _is_main(statement):
            waiting.extend(statement.orelse[::-1])
        else:
            yield statement


def _is_main(statement: ast.stmt) -> TypeGuard[ast.If]:
    """Is it `if __name__ == "__main__":`? What stands there isn't run where the file is graded."""
    if not isinstance(statement, ast.If) or not isinstance(statement.test, ast.Compare):
        return False
    sides = [statement.test.left, *statement.test.comparators]
    said = {side.id if isinstance(side, ast.Name) else getattr(side, "value", "") for side in sides}
    return isinstance(statement.test.ops[0], ast.Eq) and said == {"__name__", "__main__"}


@dataclass
class _Seen:
    """What a walk through a statement has met: names, and what gets or is fed something."""

    loaded: set[str] = field(default_factory=set)
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
            (self.loaded if isinstance(node.ctx, ast.Load) else self.own).add(node.id)
        elif isinstance(node, ast.Attribute | ast.Subscript):
            self.targets += [] if isinstance(node.ctx, ast.Load) else [node]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            arguments = [*node.args, *(word.value for word in node.keywords)]
            self.handed.setdefault(node.func.id, set()).update(_names_of(arguments))
            self.fed += node.args[:1] if node.func.id == "setattr" else []
        elif isinstance(node, ast.Expr):
            call = getattr(node.value, "elt", node.value)  # or one for each item of a list
            self.fed += [call.func] if _is_method_call(call) else []
        elif isinstance(node, ast.arg):
            self.own.add(node.arg)
        elif isinstance(node, ast.Global):
            self.shared.update(node.names)
        elif isinstance(node, DEFINITIONS):
            self.defined.add(node.name)


def facts_of(statement: ast.stmt) -> _Facts:
    """Look through a statement of a file."""
    seen, targets = _Seen(), set[str]()
    if isinstance(statement, _IMPORTS):
        return _Facts(targets, targets, targets, {}, False)
    for node in walk(statement):
        seen.note(node)
    own = seen.own - seen.shared - _defaults(statement)
    targets = _names_of(seen.targets)
    looked_up, filled = seen.loaded - own, targets | _names_of(seen.fed)
    if not isinstance(statement, DEFINITIONS):
        return _Facts(seen.defined | own | targets, looked_up, filled, seen.handed, False)
    gives = isinstance(statement, _FUNCTIONS) and not filled.isdisjoint(_arguments(statement))
    handed = {name: names - own for name, names in seen.handed.items()}
    return _Facts({statement.name}, looked_up, filled - own | seen.shared, handed, gives)


def _arguments(function: ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    return {node.arg for node in walk(function.args) if isinstance(node, ast.arg)}


def _defaults(statement: ast.stmt) -> set[str]:
    """The names in a function's defaults, which are looked up outside, even as an argument's."""
    if not isinstance(statement, _FUNCTIONS):
        return set()
    defaults = [*statement.args.defaults, *filter(None, statement.args.kw_defaults)]
    return set().union(*map(names_in, defaults))


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
