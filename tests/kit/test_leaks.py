"""What is handed out is searched for answers: each is found, and what anybody writes is free."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from grading import catalog as catalogs
from grading.handing_out import leaks, release
from tests.kit.handed_out import STEP, copied

LEAKS = {
    "a line": ("grading/a.py", f"def f():\n    {STEP}\n"),
    "a line in a comment": ("grading/a.py", f"x = 1\n# {STEP}\n"),
    "a line in prose": ("README.md", f"Say\n\n`{STEP}`\n"),
    "a line over several": (
        "grading/a.py",
        "def f():\n    return torch.tanh(  # squash\n        x_t @ W_xh.T\n"
        "        + h_prev @ W_hh.T + b,\n    )\n",
    ),
    "the right side of a line": (
        "tests/visible/a.toml",
        'title = "a"\nhint = "x.new_zeros(x.shape[0], W_hh.shape[0]) if h0 is None else h0"\n',
    ),
    "a line under other names": (
        "grading/a.py",
        "x = 1\nreturn torch.tanh(a @ w1.T + s @ w2.T + c)\n",
    ),
    "a wrong answer": (
        "grading/a.py",
        "y = 2\ndef mine(x_t, W_hh, b):\n    return torch.tanh(h_prev @ W_hh.T + b)\n",
    ),
    "a right answer": (
        "grading/a.py",
        "both = torch.cat([x_t, h_prev], dim=1)\n"
        "return torch.addmm(b, both, torch.cat([W_xh, W_hh], dim=1).t()).tanh()\n",
    ),
}


@pytest.mark.parametrize("kind", LEAKS)
def test_text_of_an_answer_is_found(kind: str, small_kit: Path) -> None:
    """Wherever an answer's text stands, and however it is broken up, its file and line are told."""
    name, text = LEAKS[kind]
    with pytest.raises(leaks.LeakError, match=rf"^{name}:[123] holds "):
        leaks.prove({name: text.encode()}, catalogs.load(small_kit))


def test_every_hidden_test_is_found(small_kit: Path) -> None:
    """No hidden test can go out, whatever its file is called."""
    text = (small_kit / "tests/hidden/test_ex01_recurrence.py").read_bytes()
    with pytest.raises(leaks.LeakError) as told:
        leaks.prove({"grading/a.py": text}, catalogs.load(small_kit))
    for name in re.findall(rb"def (test_\w+)", text):
        assert f"the body of {name.decode()} of tests/hidden/" in str(told.value)


def test_text_among_numbers_is_found(small_kit: Path) -> None:
    """A file of numbers that says an answer in words is told as any other."""
    numbers = msgspec.msgpack.encode({"say": ["Write this:", STEP], "notes": [b"\0\1", 2.0]})
    with pytest.raises(leaks.LeakError, match=r"^tests/probes/a\.msgpack:\d+ holds a line of"):
        leaks.prove({"tests/probes/a.msgpack": numbers}, catalogs.load(small_kit))


def test_what_anybody_writes_is_free(small_kit: Path) -> None:
    """Stubs, the signature's own words, and calls without arguments are no leak."""
    stub = (small_kit / "exercises/ex01_recurrence.py").read_bytes()
    plain = b"model.eval()\nwith torch.no_grad():\n    pass\nreturn loss\nelse:\nstates = None\n"
    leaks.prove({"exercises/a.py": stub, "a.md": plain}, catalogs.load(small_kit))


def test_function_that_only_says_what_it_does_is_no_secret(tmp_path: Path) -> None:
    """A body that is a docstring alone holds no answer."""
    said = "Raises where, of all that was given, nothing at all can be made in this world."
    kit = copied(tmp_path / "kit")
    with (kit / "tests/misconceptions/ex01_recurrence.py").open("a", encoding="utf-8") as file:
        file.write(f'\n\nclass Odd(Exception):\n    def tell(self):\n        """{said}"""\n')
    leaks.prove({"a.py": f'"""{said}"""\n'.encode()}, catalogs.load(kit))


@pytest.mark.parametrize("kind", ["misconceptions", "alternatives"])
def test_kit_without_named_answers_still_knows_its_solutions(kind: str, tmp_path: Path) -> None:
    """A file of answers that isn't there is no trouble; lines of the solution are found as ever."""
    kit = copied(tmp_path / "kit")
    (kit / f"tests/{kind}/ex01_recurrence.py").unlink()
    with pytest.raises(leaks.LeakError, match=r"^a\.md:1 holds a line of solutions/"):
        leaks.prove({"a.md": STEP.encode()}, catalogs.load(kit))


def test_the_kit_itself_holds_none() -> None:
    """No file of the students' copy of all exercises holds text of an answer."""
    catalog = catalogs.load()
    everything = release.Assignment("hw1", catalog.exercises, 1)
    leaks.prove(release.student_files(catalog, everything), catalog)
