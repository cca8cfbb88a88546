"""`hint`, `build`, `verify` and the way to an eleventh exercise, on copies of the kit."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grading import catalog as catalogs
from grading.catalog import HOME
from grading.testing import answers
from tests.kit.conftest import FrontDoor, copy_of_the_kit
from tests.kit.edits import append


@pytest.fixture
def one_exercise(scratch_kit: Path) -> Path:
    """A scratch kit that has exercise 1 alone."""
    return with_exercise_one_alone(scratch_kit)


def with_exercise_one_alone(home: Path) -> Path:
    """Take the other exercises out of a copy of the kit, and most answers to this one."""
    for folder in ("visible", "hidden", "misconceptions", "alternatives"):
        for path in (home / "tests" / folder).iterdir():
            if "ex01" not in path.name:
                path.unlink()
    keep_few(home / "tests/misconceptions/ex01_recurrence.py", 4)
    keep_few(home / "tests/alternatives/ex01_recurrence.py", 2)
    return home


def keep_few(path: Path, count: int) -> None:
    """Cut a file of answers down to `count`, from both parts in turn."""
    pieces = re.split(r"(?m)^(?=@(?:misconception|alternative)\()", path.read_text("utf-8"))
    by_part = {
        part: [piece for piece in pieces[1:] if re.match(rf'@\w+\(\s*"{part}"', piece)]
        for part in ("rnn_step", "rnn_forward")
    }
    few = [piece for own in by_part.values() for piece in own[: count // 2]]
    path.write_text(pieces[0] + "".join(few), encoding="utf-8")


def test_hints_climb_and_can_be_reset(front_door: FrontDoor, scratch_kit: Path) -> None:
    """Each call gives the next rung; after the last it stays; `--reset` starts again."""
    rungs = [front_door("hint", "ex01", home=scratch_kit).stdout for _ in range(4)]
    assert [
        re.search(r"hint \d of 3", rung).group()
        for rung in rungs  # type: ignore[union-attr]
    ] == ["hint 1 of 3", "hint 2 of 3", "hint 3 of 3", "hint 3 of 3"]
    again = front_door("hint", "ex01", "--reset", home=scratch_kit).stdout
    assert "hint 1 of 3" in again


def test_build_writes_the_committed_stubs(front_door: FrontDoor, scratch_kit: Path) -> None:
    """`build` makes exactly the stubs that are committed."""
    for stub in (scratch_kit / "exercises").glob("ex*.py"):
        stub.unlink()
    assert front_door("build", home=scratch_kit).returncode == 0
    for stub in (HOME / "exercises").glob("ex*.py"):
        assert (scratch_kit / "exercises" / stub.name).read_text("utf-8") == stub.read_text("utf-8")


def test_verify_finds_what_is_wrong_with_a_kit(front_door: FrontDoor, one_exercise: Path) -> None:
    """A stale stub, a useless test, a right answer called wrong, a wrong one called right."""
    tests = one_exercise / "tests"
    stub = one_exercise / "exercises/ex01_recurrence.py"
    stub.write_text(stub.read_text("utf-8") + "\n# edited\n", encoding="utf-8")
    append(
        tests / "visible/test_ex01_recurrence.py",
        '@pytest.mark.part("rnn_step")\n'
        "def test_of_no_use(student):\n"
        '    """A claim."""\n'
        "    student.rnn_step(*[torch.ones(2, 2)] * 4, torch.ones(2))\n",
    )
    append(
        tests / "misconceptions/ex01_recurrence.py",
        '@misconception("rnn_step", "Nothing is wrong with it.")\n'
        "def nothing_wrong(x_t, h_prev, W_xh, W_hh, b):\n"
        "    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b)\n",
    )
    append(
        tests / "alternatives/ex01_recurrence.py",
        '@alternative("rnn_step")\n'
        "def quite_wrong(x_t, h_prev, W_xh, W_hh, b):\n"
        "    return x_t @ W_xh.T + h_prev @ W_hh.T + b\n",
    )
    process = front_door("verify", "--matrix", home=one_exercise)
    assert "●" in process.stdout
    told = " ".join(process.stdout.split())
    assert process.returncode == 1, process.stderr
    assert "exercises/ex01_recurrence.py is not current" in told
    assert "test_of_no_use kills nothing" in told
    assert "nothing_wrong is wrong, but earns all points of rnn_step" in told
    assert "quite_wrong is right, but" in told


def test_there_are_enough_named_answers() -> None:
    """At least 160 misconceptions and 80 alternatives stand behind the tests."""
    catalog = catalogs.load()
    counts = {
        kind: sum(len(answers.read(catalog.answers(e, kind))) for e in catalog.exercises)
        for kind in ("misconceptions", "alternatives")
    }
    assert counts["misconceptions"] >= 160
    assert counts["alternatives"] >= 80


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A kit with the files that the README shows, written as they stand there."""
    home = with_exercise_one_alone(copy_of_the_kit(tmp_path_factory.mktemp("eleventh") / "kit"))
    for name, text in readme_files().items():
        path = home / name
        assert not path.exists()
        path.write_text(text, encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def before(written: Path) -> dict[Path, bytes]:
    """All its files, before it is built."""
    return {path: path.read_bytes() for path in written.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def eleventh(front_door: FrontDoor, written: Path, before: dict[Path, bytes]) -> Path:
    """The same kit, built."""
    assert before
    assert front_door("build", home=written).returncode == 0
    return written


def test_an_eleventh_exercise_needs_only_new_files(
    eleventh: Path, before: dict[Path, bytes]
) -> None:
    """`build` makes its stub, and no file that was there changes."""
    assert (eleventh / "exercises/ex11_leaky.py").exists()
    assert {path: path.read_bytes() for path in before} == before


def test_an_eleventh_exercise_proves_itself(front_door: FrontDoor, eleventh: Path) -> None:
    """As it stands in the README, `verify` has nothing to say against it."""
    verified = front_door("verify", "ex11", home=eleventh)
    assert verified.returncode == 0, verified.stdout + verified.stderr


def test_an_eleventh_exercise_is_graded(front_door: FrontDoor, eleventh: Path) -> None:
    """Its solution earns all points."""
    graded = front_door("check", "solutions", "ex11", home=eleventh)
    assert graded.returncode == 0, graded.stdout + graded.stderr


def readme_files() -> dict[str, str]:
    """The files of the README's "Add an exercise": each a code block under its path in bold."""
    readme = (HOME / "README.md").read_text(encoding="utf-8")
    section = readme.split("## Add an exercise")[1].split("\n## ")[0]
    blocks = re.findall(r"\*\*`([\w/.]+)`\*\*[^\n]*\n\n```\w+\n(.*?)```", section, re.DOTALL)
    assert len(blocks) >= 6
    return dict(blocks)
