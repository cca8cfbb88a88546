"""Proves that named answers are read from text, and become submissions that load."""

from __future__ import annotations

import ast
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch.nn.utils.rnn import PackedSequence, pack_sequence

from grading import catalog as catalogs
from grading.errors import Misused
from grading.testing import answers
from grading.testing.answers import Answer, AnswersError

Mark = Callable[[int], int]
CATALOG = catalogs.load()
KINDS = ("misconceptions", "alternatives")
FILES = [CATALOG.answers(exercise, kind) for exercise in CATALOG.exercises for kind in KINDS]

HEAD = '"""Wrong answers."""\nimport math\n'
HEAD += "from grading.testing.answers import misconception, alternative\n"
SOLUTION = "import torch\n\ndef step(x):\n    return x + 1\n\ndef twice(x):\n    return step(x)\n"
CONSTANT = '@misconception("step", "Always the same?")\ndef constant(x):\n    return 7\n'


def read(tmp_path: Path, text: str) -> list[Answer]:
    """The answers of a file with this text behind the usual head."""
    path = tmp_path / "ex01_a.py"
    path.write_text(HEAD + text, encoding="utf-8")
    return answers.read(path)


def loaded(answer: Answer, solution: str = SOLUTION) -> dict[str, Any]:
    """The names that a submission defines (these are the kit's own words, not a student's)."""
    names: dict[str, Any] = {}
    exec(compile(answer.submission(solution), "ex01_a.py", "exec"), names)
    return names


# --- reading ----------------------------------------------------------------------------------


def test_answer_has_name_part_and_sentence(tmp_path: Path) -> None:
    """A marked function gives its own name, the part it answers, and what a teacher would say."""
    (answer,) = read(tmp_path, CONSTANT)
    assert (answer.name, answer.part, answer.say) == ("constant", "step", "Always the same?")


def test_right_answer_has_no_sentence(tmp_path: Path) -> None:
    """An alternative has nothing to be said about."""
    (answer,) = read(tmp_path, '@alternative("step")\ndef other(x):\n    return 1 + x\n')
    assert (answer.name, answer.part, answer.say) == ("other", "step", "")


def test_answers_come_in_the_order_of_the_file(tmp_path: Path) -> None:
    """Several answers keep their order."""
    names = ["c", "a", "b"]
    text = "".join(f'@misconception("step", "So?")\ndef {name}(x): pass\n' for name in names)
    assert [answer.name for answer in read(tmp_path, text)] == names


def test_no_file_has_no_answers(tmp_path: Path) -> None:
    """A copy of the kit without the file has no answers."""
    assert answers.read(tmp_path / "ex01_a.py") == []


def test_file_without_marks_has_no_answers(tmp_path: Path) -> None:
    """Helpers alone are no answers."""
    assert read(tmp_path, "def _helper(x):\n    return x\n") == []


def test_file_is_not_run(tmp_path: Path) -> None:
    """Reading a file of answers doesn't run it."""
    assert len(read(tmp_path, "raise SystemExit(1)\n" + CONSTANT)) == 1


FAULTS = {
    "no arguments": "@misconception()\ndef a(x): pass\n",
    "a name for the part": "@misconception(PART, 'So?')\ndef a(x): pass\n",
    "part by keyword": "@misconception(part='step', say='So?')\ndef a(x): pass\n",
    "a computed sentence": "@misconception('step', say())\ndef a(x): pass\n",
    "a part that is no text": "@misconception(3, 'So?')\ndef a(x): pass\n",
    "a sentence that is no text": "@misconception('step', 3)\ndef a(x): pass\n",
    "a text too many": "@misconception('step', 'So?', 'other')\ndef a(x): pass\n",
    "an argument that no mark has": "@misconception('step', 'So?', lik='b')\ndef a(x): pass\n",
    "no brackets": "@misconception\ndef a(x): pass\n",
    "a coroutine": "@misconception('step', 'So?')\nasync def a(x): pass\n",
    "a syntax error": "def (\n",
}


@pytest.mark.parametrize("text", FAULTS.values(), ids=FAULTS.keys())
def test_faulty_mark_is_told_with_its_line(tmp_path: Path, text: str) -> None:
    """A mark that can't be read as text is an error with file and line."""
    with pytest.raises(AnswersError, match=r"ex01_a\.py:[45]"):
        read(tmp_path, text)


def test_file_that_is_no_text_is_told(tmp_path: Path) -> None:
    """A file in another encoding than UTF-8 is named, like one that Python can't read."""
    path = tmp_path / "ex01_a.py"
    path.write_bytes("# caf\xe9\n".encode("latin-1"))
    with pytest.raises(AnswersError, match=r"ex01_a\.py"):
        answers.read(path)


def test_faulty_file_is_no_fault_of_the_grader() -> None:
    """Whoever wrote the file of answers can mend it: the command ends as one that was misused."""
    assert issubclass(AnswersError, Misused)


@pytest.mark.parametrize(
    "mark", [answers.misconception("step", "So?", like="other"), answers.alternative("step")]
)
def test_marked_function_stays_what_it_is(mark: Callable[[Mark], Mark]) -> None:
    """A file of answers that is imported all the same, by an editor say, has its own functions."""
    assert mark(given) is given


def given(x: int) -> int:
    """A function to be marked."""
    return x


# --- submissions ------------------------------------------------------------------------------


def test_answer_takes_the_place_of_its_part(tmp_path: Path) -> None:
    """In the submission the part is the answer, for whoever calls it; the rest is the solution."""
    (answer,) = read(tmp_path, CONSTANT)
    names = loaded(answer)
    assert names["step"](1) == 7
    assert names["twice"](1) == 7
    assert "constant" not in names


def test_answer_may_call_other_parts(tmp_path: Path) -> None:
    """An answer to one part reaches the others as the solution has them."""
    text = '@misconception("twice", "So?")\ndef thrice(x):\n    return step(step(step(x)))\n'
    (answer,) = read(tmp_path, text)
    assert loaded(answer)["twice"](1) == 4


def test_helpers_and_imports_come_along(tmp_path: Path) -> None:
    """What an answer's file imports and defines besides is there when the answer runs."""
    text = (
        "LIMIT = 4\ndef _root(x):\n    return math.sqrt(x) + LIMIT\n"
        '@misconception("step", "So?")\ndef rooted(x):\n    return _root(x)\n'
    )
    (answer,) = read(tmp_path, text)
    assert loaded(answer)["step"](9) == 7


def test_helper_below_the_answer_comes_along(tmp_path: Path) -> None:
    """A helper may stand after the answers that use it."""
    text = '@misconception("step", "So?")\ndef a(x):\n    return _b(x)\ndef _b(x):\n    return -x\n'
    (answer,) = read(tmp_path, text)
    assert loaded(answer)["step"](9) == -9


def test_other_answers_stay_behind(tmp_path: Path) -> None:
    """One submission holds one answer: the others of its file are not in it."""
    text = CONSTANT + '@alternative("step")\ndef other(x):\n    return 1 + x\n'
    first, second = read(tmp_path, text)
    assert "other" not in first.submission(SOLUTION)
    assert loaded(first)["step"](1) == 7
    assert loaded(second)["step"](1) == 2


def test_submission_does_not_know_the_grader(tmp_path: Path) -> None:
    """A worker can't import the grader: neither its import nor its marks are in a submission."""
    (answer,) = read(tmp_path, CONSTANT)
    text = answer.submission(SOLUTION)
    assert "grading" not in text
    assert "misconception" not in text


def test_future_import_stays_behind(tmp_path: Path) -> None:
    """A file that begins with a future import still gives submissions that compile."""
    path = tmp_path / "ex01_a.py"
    path.write_text(f"from __future__ import annotations\n{HEAD}{CONSTANT}", encoding="utf-8")
    assert loaded(answers.read(path)[0])["step"](1) == 7


def test_class_may_be_an_answer(tmp_path: Path) -> None:
    """A marked class becomes the class of the part's name, `super()` and bases as they were."""
    text = (
        "class _Base:\n    def __init__(self):\n        self.a = 1\n"
        '@misconception("Net", "So?")\nclass Wrong(_Base):\n'
        "    def __init__(self):\n        super().__init__()\n        self.b = 2\n"
    )
    (answer,) = read(tmp_path, text)
    net = loaded(answer)["Net"]()
    assert (type(net).__name__, net.a, net.b) == ("Net", 1, 2)


def test_other_decorators_stay_on(tmp_path: Path) -> None:
    """Of an answer's decorators, only the mark is taken off."""
    text = '@torch.no_grad()\n@alternative("step")\ndef other(x):\n    return 1 + x\n'
    (answer,) = read(tmp_path, text)
    assert "@torch.no_grad()" in answer.text
    one = torch.ones(1, requires_grad=True)
    assert not loaded(answer)["step"](one).requires_grad


def test_texts_of_an_answer_stay_whole(tmp_path: Path) -> None:
    """Docstrings, quotes and other alphabets in an answer come out as they went in."""
    text = "@alternative('step')\ndef a(x):\n    'Says \"so\".'\n    return '\\n\\'ταῦ\\''\n"
    (answer,) = read(tmp_path, text)
    step = loaded(answer)["step"]
    assert step.__doc__ == 'Says "so".'
    assert step(1) == "\n'ταῦ'"


# --- what is committed ------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_committed_answers_are_sound(path: Path) -> None:
    """Each file's answers have names of their own, a part of the exercise, and compile."""
    exercise = CATALOG.find(path.stem)
    named = answers.read(path)
    assert len({answer.name for answer in named}) == len(named) > 0
    assert {answer.part for answer in named} <= set(exercise.by_name)
    assert all(bool(answer.say) == (path.parent.name == "misconceptions") for answer in named)
    assert ast.parse(named[0].support)
    assert all(ast.parse(answer.text) for answer in named)


# --- answers that know nothing ----------------------------------------------------------------


def trivial(name: str, solution: str = SOLUTION, part: str = "step") -> Any:
    """The part as one of the trivial answers gives it."""
    (answer,) = [answer for answer in answers.trivial(part) if answer.name == name]
    return loaded(answer, solution)[part]


def test_trivial_answers_stand_for_the_part() -> None:
    """Each answers the part that it was asked for, and needs no sentence."""
    for answer in answers.trivial("step"):
        assert (answer.part, answer.say) == ("step", "")
        assert callable(loaded(answer)["step"])


def test_trivial_none_returns_none() -> None:
    """The first of them returns None, whatever it is called with."""
    assert trivial("none")(1, key=2) is None


def test_trivial_first_argument_comes_back() -> None:
    """The second hands back what it was given first."""
    thing = object()
    assert trivial("first_argument")(thing, 2) is thing


RETURNED = {
    "tensor": (torch.ones(2, 3), torch.zeros(2, 3)),
    "whole numbers": (torch.ones(2, dtype=torch.int64), torch.zeros(2, dtype=torch.int64)),
    "array": (np.ones(3, dtype=np.float32), np.zeros(3, dtype=np.float32)),
    "pair": ((torch.ones(1), [torch.ones(2)]), (torch.zeros(1), [torch.zeros(2)])),
    "number": (3, 0),
    "float": (2.5, 0.0),
    "text": ("abc", ""),
    "none": (None, None),
}


def alike(got: Any, expected: Any) -> bool:
    """Are these two of one type, dtype and shape, with the same values?"""
    if type(got) is not type(expected):
        return False
    if isinstance(got, torch.Tensor):
        return got.dtype == expected.dtype and torch.equal(got, expected)
    if isinstance(got, np.ndarray):
        return got.dtype == expected.dtype and np.array_equal(got, expected)
    if isinstance(got, tuple | list):
        return len(got) == len(expected) and all(map(alike, got, expected))
    return bool(got == expected)


@pytest.mark.parametrize(("right", "zeros"), RETURNED.values(), ids=RETURNED.keys())
def test_trivial_zeros_have_the_right_form(right: Any, zeros: Any) -> None:
    """The third has all forms right, shapes and dtypes too, and every number zero."""
    assert alike(trivial("zeros", "import torch\ndef step(x):\n    return x\n")(right), zeros)


def test_trivial_zeros_change_no_argument() -> None:
    """The third leaves its arguments alone, even where the right answer works in place."""
    sent = torch.ones(2)
    step = trivial("zeros", "import torch\ndef step(x):\n    return x.add_(1)\n")
    assert torch.equal(step(sent), torch.zeros(2))
    assert torch.equal(sent, torch.ones(2))


def test_trivial_zeros_keep_a_packed_sequence() -> None:
    """Packed zeros stay packed."""
    sent = pack_sequence([torch.ones(2), torch.ones(1)])
    got = trivial("zeros", "import torch\ndef step(x):\n    return x\n")(sent)
    assert type(got) is PackedSequence
    assert not got.data.any()
    assert torch.equal(got.batch_sizes, sent.batch_sizes)


def test_trivial_zeros_of_a_module() -> None:
    """Of a class, it keeps everything but the numbers that `forward` returns."""
    solution = (
        "import torch\nclass Net(torch.nn.Module):\n    def __init__(self, size):\n"
        "        super().__init__()\n        self.fc = torch.nn.Linear(size, 2)\n"
        "    def forward(self, x):\n        return self.fc(x)\n"
    )
    net = trivial("zeros", solution, "Net")(3)
    assert set(dict(net.named_parameters())) == {"fc.weight", "fc.bias"}
    assert torch.equal(net(torch.ones(4, 3)), torch.zeros(4, 2))
