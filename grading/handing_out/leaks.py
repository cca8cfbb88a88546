"""Does what is handed out hold text of an answer?

Texts are compared token by token, so that spaces, line ends, comments and a formatter's trailing
commas make no difference. What must not be found, in code, data or prose:

- a line of a solution: a logical line between the markers, unless the stub has it as well, or it
  does nothing of its own (`model.eval()`, `return loss`, `else:`);
- the right side of such a line, what it returns or assigns, where it has some length;
- such a line with its variables renamed, in Python files, where it has more length;
- the body of a function of the misconceptions, alternatives and hidden tests, where it has some
  length; a helper that a visible test or a probe has too, by the same name, is no secret.
"""

from __future__ import annotations

import ast
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path
from typing import Any

import msgspec

from grading import stubs
from grading.catalog import Catalog, Exercise
from grading.handing_out.tokens import (
    Line,
    Text,
    first_tokens,
    length,
    logical_lines,
    right_side,
    without_names,
)

MIN_BODY, MIN_RIGHT_SIDE, MIN_RENAMED = 8, 10, 14
"""Tokens from which on a body, an expression, and a line without its names are not anybody's."""

_NO_DEED = re.compile(r"((with )?[\w .]+ \( \)( :)?|return( [\w ,]+)?|\w+( :)?)")


class LeakError(ValueError):
    """What was to be handed out holds text of an answer; the text names each place."""


@dataclass(frozen=True)
class Secret:
    """A piece of text that must stay here: where it stands, what it is, and its tokens."""

    where: str
    what: str
    tokens: str


@dataclass(frozen=True)
class File:
    """A file that is handed out: its texts (all of it; its code without comments) and its code."""

    name: str
    texts: list[Text]
    code: tuple[Line, ...]


@dataclass(frozen=True)
class Secrets:
    """All pieces of text that must stay here, and the lines of solutions without their names."""

    pieces: tuple[Secret, ...]
    renamed: Mapping[str, Secret]


def prove(files: Mapping[str, bytes], catalog: Catalog) -> None:
    """Raise LeakError where a file holds text of an answer; each place is named."""
    handed_out = [_read(name, files[name]) for name in sorted(files)]
    secrets = _near(_secrets(catalog), handed_out)
    found = [leak for file in handed_out for leak in _leaks(file, secrets)]
    if found:
        raise LeakError("\n".join(found))


# --- what must stay here ------------------------------------------------------------------------


def _secrets(catalog: Catalog) -> Secrets:
    lines = [line for e in catalog.exercises for line in _solution_lines(catalog, e)]
    bodies = [body for e in catalog.exercises for body in _bodies(catalog, e)]
    long = [s for s in lines if s.what == "a line" and length(s.tokens) >= MIN_RENAMED]
    return Secrets((*lines, *bodies), {without_names(line.tokens): line for line in long})


def _solution_lines(catalog: Catalog, exercise: Exercise) -> Iterator[Secret]:
    path = catalog.solution(exercise)
    text = path.read_text(encoding="utf-8")
    stub = Text(stubs.stub_of(text, path.name))
    for block in stubs.answers_of(text):
        first = text[: block.start()].count("\n")
        for line in logical_lines(block.group()):
            if not _NO_DEED.fullmatch(line.tokens) and not stub.find(line.tokens):
                where = f"solutions/{path.name}:{first + line.number}"
                yield Secret(where, "a line", line.tokens)
                side = right_side(line.tokens)
                if length(side) >= MIN_RIGHT_SIDE and not stub.find(side):
                    yield Secret(where, "the right side", side)


def _bodies(catalog: Catalog, exercise: Exercise) -> Iterator[Secret]:
    shared = {
        (name, tokens)
        for path in (*catalog.tests(exercise, visible_only=True), catalog.probes(exercise))
        for name, _, tokens in _functions(path)
        if not name.startswith("test_")
    }
    hidden = [path for path in catalog.tests(exercise) if path.parent.name == "hidden"]
    named = [catalog.answers(exercise, kind) for kind in ("misconceptions", "alternatives")]
    for path in (*named, *hidden):
        for name, number, tokens in _functions(path):
            if (name, tokens) not in shared and length(tokens) >= MIN_BODY:
                where = path.relative_to(catalog.home).as_posix()
                yield Secret(f"{where}:{number}", f"the body of {name}", tokens)


def _functions(path: Path) -> Iterator[tuple[str, int, str]]:
    """The functions and methods of a file: name, line, and the tokens of the body."""
    if not path.exists():
        return
    source = path.read_text(encoding="utf-8")
    lines = logical_lines(source)
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            documented = ast.get_docstring(node, clean=False) is not None
            if body := node.body[1:] if documented else node.body:
                yield node.name, node.lineno, _body(lines, body)


def _body(lines: tuple[Line, ...], statements: list[ast.stmt]) -> str:
    number = attrgetter("number")
    first = bisect_left(lines, statements[0].lineno, key=number)
    end = bisect_right(lines, statements[-1].end_lineno, key=number)
    return " ".join(line.tokens for line in lines[first:end])


# --- what is handed out -------------------------------------------------------------------------


def _read(name: str, content: bytes) -> File:
    source = _strings(content) if name.endswith(".msgpack") else content.decode()
    code = logical_lines(source) if name.endswith(".py") else ()
    texts = [Text(source)]
    if code:
        texts.append(Text("\n".join(line.tokens for line in code), [n.number for n in code]))
    return File(name, texts, code)


def _near(secrets: Secrets, files: list[File]) -> Secrets:
    """The secrets that may be in these files, since some text has their first tokens in a row."""
    runs = {run for file in files for text in file.texts for run in text.runs(MIN_BODY)}
    pieces = (
        secret
        for secret in secrets.pieces
        if length(secret.tokens) < MIN_BODY or first_tokens(secret.tokens, MIN_BODY) in runs
    )
    return Secrets(tuple(pieces), secrets.renamed)


def _leaks(file: File, secrets: Secrets) -> Iterator[str]:
    for secret in secrets.pieces:
        number = next(filter(None, (text.find(secret.tokens) for text in file.texts)), 0)
        if number:
            said = f"{secret.what} of {secret.where}: {secret.tokens[:60]}"
            yield f"{file.name}:{number} holds {said}"
    for line in file.code:
        same = secrets.renamed.get(without_names(line.tokens))
        if same is not None and line.tokens != same.tokens:
            yield f"{file.name}:{line.number} holds {same.what} of {same.where} under other names"


def _strings(content: bytes) -> str:
    """All texts of a file of numbers, one a line."""

    def walk(thing: Any) -> Iterator[str]:
        if isinstance(thing, str):
            yield " ".join(thing.split())
        elif isinstance(thing, dict):
            for pair in thing.items():
                yield from walk(pair)
        elif isinstance(thing, list | tuple):
            for item in thing:
                yield from walk(item)

    return "\n".join(walk(msgspec.msgpack.decode(content)))
