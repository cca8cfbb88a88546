"""A kit of one exercise on plain numbers, in which all is as it must be, to be spoiled by tests."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

from grading import catalog as catalogs
from grading import stubs
from grading.catalog import HOME, Catalog, Exercise

SOLUTION = '''"""Exercise 1."""

import torch


def double(x):
    """Twice x."""
    # TODO: add x to itself
    ### BEGIN SOLUTION
    return x + x
    ### END SOLUTION


def quadruple(x):
    """Four times x."""
    # TODO: call double
    ### BEGIN SOLUTION
    return double(double(x))
    ### END SOLUTION
'''

DATA = """title = "Tiny"

[parts.double]
points = 4
hints = ["a", "b", "c"]

[parts.quadruple]
points = 6
hints = ["d", "e", "f"]
uses = ["double"]
"""

HEAD = """import pytest
from grading.session.outcomes import WrongError

"""

PROBES = """from grading.testing.probes import probe


@probe("double")
def some(student):
    yield student.double(3)


@probe("quadruple")
def others(student):
    yield student.quadruple(5)
"""

WRONG = {
    "double": {"same": "x", "half": "x / 2", "more": "x + x + 1", "square": "x * x"},
    "quadruple": {"once": "double(x)", "cube": "x ** 3", "minus": "-4 * x", "off": "4 * x + 2"},
}
RIGHT = {
    "double": {"times": "2 * x", "summed": "sum([x, x])"},
    "quadruple": {"shifted": "4 * x", "added": "double(x) + double(x)"},
}

_numbers = itertools.count()


def tiny(home: Path) -> Catalog:
    """Write the kit to a new folder; its exercise has a stem that no other such kit has."""
    stem = f"ex01_tiny_{next(_numbers)}"
    texts = {
        f"solutions/{stem}.py": SOLUTION,
        f"exercises/{stem}.py": stubs.stub_of(SOLUTION, stem),
        f"tests/visible/{stem}.toml": DATA,
        f"tests/visible/test_{stem}.py": HEAD + claims(3, 5),
        f"tests/hidden/test_{stem}.py": HEAD + claims(7, 9),
        f"tests/misconceptions/{stem}.py": misconceptions(),
        f"tests/alternatives/{stem}.py": alternatives(),
    }
    for name, text in texts.items():
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    shutil.copy(HOME / "pyproject.toml", home)
    return catalogs.load(home)


def only(catalog: Catalog) -> Exercise:
    """The exercise of a kit that has one."""
    (exercise,) = catalog.exercises
    return exercise


def with_probes(catalog: Catalog) -> Path:
    """Give the kit its probes; where their numbers are to be comes back."""
    path = catalog.probes(only(catalog))
    path.parent.mkdir(exist_ok=True)
    path.write_text(PROBES, encoding="utf-8")
    return catalog.numbers(only(catalog))


def visible(catalog: Catalog) -> Path:
    """The file of visible tests."""
    return catalog.tests(only(catalog))[0]


def claims(*arguments: int) -> str:
    """A test of each part for each of these arguments."""
    return "".join(
        claim(
            part,
            f"test_{part}_{x}",
            f"if student.{part}({x}) != {factor * x}: raise WrongError('off')",
        )
        for part, factor in (("double", 2), ("quadruple", 4))
        for x in arguments
    )


def claim(part: str, name: str, line: str, sentence: str = "A claim.") -> str:
    """A graded test of one line."""
    told = f'    """{sentence}"""\n' if sentence else ""
    return f'@pytest.mark.part("{part}")\ndef {name}(student):\n{told}    {line}\n\n\n'


def misconceptions() -> str:
    """All wrong answers."""
    return "".join(
        f'@misconception("{part}", "So?")\ndef {name}(x):\n    return {value}\n\n\n'
        for part, wrong in WRONG.items()
        for name, value in wrong.items()
    )


def alternatives() -> str:
    """All right answers."""
    return "".join(
        f'@alternative("{part}")\ndef {name}(x):\n    return {value}\n\n\n'
        for part, right in RIGHT.items()
        for name, value in right.items()
    )
