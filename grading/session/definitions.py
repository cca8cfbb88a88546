"""What the definitions of a submission's file reach by name, as far as its text tells.

A definition comes to what it looks up: other definitions, and tables with the statements and
functions that filled them before. What stands under `if __name__ == "__main__":` isn't run where a
file is graded.
"""

from __future__ import annotations

import ast
import tokenize
import warnings
from collections.abc import Iterator, Set
from dataclasses import dataclass
from functools import lru_cache
from io import StringIO
from itertools import islice
from typing import TypeGuard

from grading.session.names import DEFINITIONS, Facts, facts_of, imports

MAX_WORDS = 200_000
"""Words and signs of a source that is read: an honest one has a few thousand."""


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
    """The source's tree; an empty one for source that can't be parsed, or is too long for that.

    Kept for the next part that asks: a long file can take a second, and much memory.
    """
    if is_too_long(source):
        return ast.Module([], [])
    try:
        with warnings.catch_warnings(action="ignore"):
            return ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module([], [])


@lru_cache(maxsize=1)
def is_too_long(source: str) -> bool:
    """Would reading this source cost the grader more time and memory than any honest one?

    A comment and a text count as one word, however long. What is no Python is for ast to say.
    """
    if len(source) <= MAX_WORDS:
        return False
    try:
        words = tokenize.generate_tokens(StringIO(source).readline)
        return next(islice(words, MAX_WORDS, None), None) is not None
    except (SyntaxError, tokenize.TokenError):
        return False


@dataclass(frozen=True)
class _File:
    """What makes each name of a file what it is, and the facts of these statements."""

    definitions: dict[str, list[ast.stmt]]
    facts: dict[ast.stmt, Facts]


@lru_cache(maxsize=1)
def read_file(tree: ast.Module, asked: frozenset[str] = frozenset()) -> _File:
    """A file's names: the last definition of each, and what comes after.

    What fills it comes last: statements, and functions that are called while the file is loaded, or
    by those that are `asked` afterwards.
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
    _, called = reached(file, set().union(asked, *(facts[node].looked_up for node in calling)))
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
