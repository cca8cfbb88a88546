"""Wrong and right answers with a name: how they are written, and how one becomes a submission.

    @misconception("rnn_step", "Your state is what comes out without b. What remains at zero?")
    def bias_forgotten(x_t, h_prev, W_xh, W_hh, b): ...

Their files are read as text, never imported by the grader. One answer's submission is the solution,
then the file's undecorated statements (imports and helpers), then the answer under its part's name.
"""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar, cast

from grading.errors import Misused

T = TypeVar("T", bound=Callable[..., object])


def misconception(part: str, say: str, like: str = "") -> Callable[[T], T]:
    """Mark a wrong answer to a part, with what a teacher would say.

    `like` names another one that gives the same answers to everything that diagnosis asks.
    """
    return lambda answer: answer


def alternative(part: str) -> Callable[[T], T]:
    """Mark a right answer to a part, in another style than the solution's."""
    return lambda answer: answer


@dataclass(frozen=True)
class Answer:
    """A named answer to one part; `say` is empty for a right one."""

    name: str
    part: str
    say: str
    text: str
    support: str
    like: str = ""

    def submission(self, solution: str) -> str:
        """The solution with this answer in the place of its part."""
        return f"{solution}\n\n{self.support}\n\n{self.text}\n"


class AnswersError(Misused):
    """A file of answers is not as it should be; the text says where."""


def read(path: Path) -> list[Answer]:
    """All marked answers of a file; none where there is no such file. Raises AnswersError."""
    if not path.exists():
        return []
    try:
        tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    except SyntaxError as error:
        raise AnswersError(f"{path}:{error.lineno}: {error.msg}") from None
    except ValueError as error:  # no UTF-8, or a null byte
        raise AnswersError(f"{path}: {error}") from None
    marked = {id(node) for node in tree.body if _is_marked(node)}
    support = "\n".join(
        ast.unparse(node)
        for node in tree.body
        if id(node) not in marked and not _stays_behind(node)
    )
    return [_answer(node, support, path) for node in tree.body if id(node) in marked]


def trivial(part: str) -> list[Answer]:
    """Answers that know nothing of the task: None, the first argument, one number everywhere."""
    texts = _TRIVIAL | {name: _CONSTANT.replace("VALUE", value) for name, value in _VALUES.items()}
    return [Answer(name, part, "", text.format(part=part), "") for name, text in texts.items()]


_TRIVIAL = {
    "none": "def {part}(*args, **kwargs):\n    return None",
    "first_argument": "def {part}(*args, **kwargs):\n    return args[0]",
}
_VALUES = {"zeros": "0.0", "ones": "1.0", "huge": "1e30"}
_CONSTANT = """
import copy
import inspect
import numpy
_right = {part}


def _constant(thing):
    if isinstance(thing, torch.Tensor):
        return torch.full_like(thing, VALUE if thing.is_floating_point() else VALUE > 0)
    if isinstance(thing, numpy.ndarray):
        return numpy.full_like(thing, VALUE if thing.dtype.kind == "f" else VALUE > 0)
    if isinstance(thing, torch.nn.utils.rnn.PackedSequence):
        return thing._replace(data=_constant(thing.data))
    if isinstance(thing, (tuple, list)):
        return type(thing)(map(_constant, thing)) if not isinstance(thing, torch.Size) else thing
    if isinstance(thing, (int, float)):
        return type(thing)(VALUE)
    return "" if isinstance(thing, str) else thing


if inspect.isclass(_right):
    class {part}(_right):
        def forward(self, *args, **kwargs):
            return _constant(super().forward(*args, **kwargs))
else:
    def {part}(*args, **kwargs):
        try:
            args, kwargs = copy.deepcopy((args, kwargs))  # what the right answer changes stays
        except TypeError:
            return VALUE
        return _constant(_right(*args, **kwargs))
"""


_MARKS = ("misconception", "alternative")


def _marker(node: ast.stmt) -> ast.Call | None:
    for decorator in getattr(node, "decorator_list", []):
        called = decorator.func if isinstance(decorator, ast.Call) else None
        if isinstance(called, ast.Name) and called.id in _MARKS:
            return cast(ast.Call, decorator)
    return None


def _is_marked(node: ast.stmt) -> bool:
    """Does it bear a mark, with or without its brackets?"""
    bare = (d.id for d in getattr(node, "decorator_list", []) if isinstance(d, ast.Name))
    return _marker(node) is not None or any(name in _MARKS for name in bare)


def _stays_behind(node: ast.stmt) -> bool:
    """Imports of the marks themselves, and of the future, have no place in a submission."""
    module = (node.module or "") if isinstance(node, ast.ImportFrom) else ""
    return module.startswith("grading") or module == "__future__"


def _answer(node: ast.stmt, support: str, path: Path) -> Answer:
    marker = _marker(node)
    if marker is None or not isinstance(node, ast.FunctionDef | ast.ClassDef):
        raise AnswersError(f"{path}:{node.lineno}: mark a function or class, as @{_MARKS[0]}(…)")
    part, say, like = _marked_with(marker, f"{path}:{node.lineno}")
    name, node.name = node.name, part
    node.decorator_list = [d for d in node.decorator_list if d is not marker]
    return Answer(name, part, say, ast.unparse(node), support, like)


def _marked_with(marker: ast.Call, where: str) -> tuple[str, str, str]:
    """A mark's part, sentence and `like`, as they are written."""
    try:
        given = [ast.literal_eval(argument) for argument in marker.args]
        named = {k.arg: ast.literal_eval(k.value) for k in marker.keywords}
    except ValueError:
        given, named = [], {}
    texts = all(isinstance(value, str) for value in (*given, *named.values()))
    if not texts or len(given) not in (1, 2) or named.keys() - {"like"}:
        raise AnswersError(
            f'{where}: mark it as @{_MARKS[0]}("part", "sentence") or @{_MARKS[1]}("part"), '
            "with the texts themselves, not names for them"
        )
    return given[0], "".join(given[1:]), named.get("like", "")
