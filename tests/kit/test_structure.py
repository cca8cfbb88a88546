"""The folders tell the story: imports point one way, and one stem means one exercise everywhere."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from grading import catalog as catalogs

CATALOG = catalogs.load()
HOME = CATALOG.home


def drawn() -> list[str]:
    """The modules of grading/ as the README's map has them, line by line: `wire`, `line/words`.

    A line that begins with a folder draws its inside; a folder on the right of one is drawn whole.
    """
    _, _, below = (HOME / "README.md").read_text(encoding="utf-8").partition("\ngrading/ ")
    found, folder = [], ""
    for line in below.partition("\n```")[0].splitlines()[1:]:
        if label := line[:21].strip():
            folder = label if label.endswith("/") else ""
        found += [folder + name.strip("/") for name in line[21:].split()]
    return found


ORDER = drawn()
"""Each module of grading/ imports only from those before it."""

LONGEST = 250
"""Lines of a module."""

INSIDE = sorted({name.partition("/")[0] for name in ORDER if "/" in name})
"""The folders of which the map draws the inside."""


def place(*steps: str) -> str:
    """What the map has for a module of grading/, by the steps of its path."""
    inside = "/".join(steps[:2])
    return inside if inside in ORDER else steps[0]


def imported(path: Path) -> set[str]:
    """What of the map a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "grading":
            _, *steps = str(node.module).split(".")
            found.update(place(*steps, alias.name) for alias in node.names)
    return found


def modules() -> list[Path]:
    """Every module of grading/ but each `__init__` that only says what its folder is."""
    silent = {HOME / "grading" / folder / "__init__.py" for folder in ("", *INSIDE)}
    return sorted(set((HOME / "grading").rglob("*.py")) - silent)


def steps_of(path: Path) -> tuple[str, ...]:
    """The steps to a module from grading/."""
    return path.relative_to(HOME / "grading").with_suffix("").parts


def test_map_of_the_readme_is_whole() -> None:
    """It names each module of grading/ once, or the folder that it is in."""
    assert sorted(ORDER) == sorted({place(*steps_of(path)) for path in modules()})


@pytest.mark.parametrize("path", modules(), ids=lambda p: p.stem)
def test_imports_point_one_way(path: Path) -> None:
    """A module imports only what stands before it in the order of the house."""
    here = ORDER.index(place(*steps_of(path)))
    assert not {other for other in imported(path) if ORDER.index(other) > here}


@pytest.mark.parametrize("path", [HOME / "grader.py", *modules()], ids=lambda p: p.stem)
def test_module_stays_short(path: Path) -> None:
    """A module has one job, which takes no more than 250 lines."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("folder", ["", *INSIDE])
def test_package_only_says_what_it_is(folder: str) -> None:
    """Where the map draws the inside of a folder, importing one module of it imports no other."""
    assert not imported(HOME / "grading" / folder / "__init__.py")


@pytest.mark.parametrize(
    "path", sorted((HOME / "grading/worker").glob("*.py")), ids=lambda p: p.stem
)
def test_worker_knows_only_the_wire(path: Path) -> None:
    """The confined side imports nothing of the kit but what crosses the line, and itself."""
    assert imported(path) <= {"wire", "frames", "line/words", "line/values", "worker"}


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
