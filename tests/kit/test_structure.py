"""The folders tell the story: imports point one way, and one stem means one exercise everywhere."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from grading import catalog as catalogs

CATALOG = catalogs.load()
HOME = CATALOG.home


def drawn() -> list[str]:
    """The modules of grading/ as the README's map has them, line by line."""
    _, _, below = (HOME / "README.md").read_text(encoding="utf-8").partition("\ngrading/ ")
    lines = below.partition("\n```")[0].splitlines()[1:]
    return [name.strip("/") for line in lines for name in line[21:].split()]


ORDER = drawn()
"""Each module of grading/ imports only from those before it."""


def imported(path: Path) -> set[str]:
    """The modules of grading/ that a file imports, by their first name."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module == "grading":
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("grading."):
            found.add(str(node.module).split(".")[1])
    return found


def test_map_of_the_readme_is_whole() -> None:
    """It names each module of grading/ once."""
    found = {path.stem for path in (HOME / "grading").glob("*.py")} - {"__init__"}
    found |= {path.parent.name for path in (HOME / "grading").glob("*/__init__.py")}
    assert sorted(ORDER) == sorted(found)


@pytest.mark.parametrize("path", sorted((HOME / "grading").rglob("*.py")), ids=lambda p: p.stem)
def test_imports_point_one_way(path: Path) -> None:
    """A module imports only what stands before it in the order of the house."""
    name = path.relative_to(HOME / "grading").parts[0].removesuffix(".py")
    if name == "__init__":
        assert not imported(path)
        return
    later = {other for other in imported(path) if ORDER.index(other) > ORDER.index(name)}
    assert not later


@pytest.mark.parametrize(
    "path", sorted((HOME / "grading/worker").glob("*.py")), ids=lambda p: p.stem
)
def test_worker_knows_only_the_wire(path: Path) -> None:
    """The confined side imports nothing of the kit but wire, values and words, and itself."""
    assert imported(path) <= {"wire", "words", "values", "worker"}


def test_only_the_worker_runs_source() -> None:
    """No other module of the kit compiles or executes text, or unpickles bytes."""
    forbidden = {"exec", "eval", "compile", "pickle", "__import__"}
    for path in (HOME / "grading").rglob("*.py"):
        if path.parent.name != "worker":
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
            assert not names & forbidden, path


@pytest.mark.parametrize("exercise", CATALOG.exercises, ids=lambda exercise: exercise.stem)
def test_one_stem_everywhere(exercise: catalogs.Exercise) -> None:
    """An exercise has a file of its stem in every folder."""
    assert CATALOG.solution(exercise).exists()
    assert CATALOG.stub(exercise).exists()
    assert len(CATALOG.tests(exercise)) == 2
    assert CATALOG.answers(exercise, "misconceptions").exists()
    assert CATALOG.answers(exercise, "alternatives").exists()


def test_top_level_is_as_drawn() -> None:
    """Nothing lies beside the folders and files of the design."""
    named = {"README.md", "pyproject.toml", "grader.py"}
    named |= {"exercises", "solutions", "tests", "grading"}
    produced = {"build", "dist", "__pycache__"}
    found = {path.name for path in HOME.iterdir() if not path.name.startswith(".")}
    assert {name for name in found if not name.endswith(".egg-info")} - produced == named
