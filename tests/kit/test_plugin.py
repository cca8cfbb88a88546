"""A plain run of pytest over graded tests, as an editor's test runner starts it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from grading.catalog import Catalog
from grading.judging import debugging
from tests.kit import tiny
from tests.kit.edits import rewrite
from tests.kit.tiny import only

OK, FAILED, MISUSED = 0, 1, 4

PART = "@pytest.mark.part(…) with one of: double, quadruple"
CASES = '@__import__("grading.testing.draws").testing.draws.cases'


def debugged(kit: Catalog, submission: Path | None = None) -> int:
    """Run the visible tests of `double` on the solutions or another submission; the exit code."""
    path = submission or kit.home / "solutions"
    return debugging.run(kit, kit.exercises, path, "double", seed=1)


def test_right_answer_passes_the_tests_of_its_part(
    kit: Catalog, capsys: pytest.CaptureFixture[str]
) -> None:
    """The visible tests of that part are run, and no others."""
    assert debugged(kit) == OK
    assert re.search(r"^2 passed in", capsys.readouterr().out, re.MULTILINE)


def test_wrong_answer_is_told_in_the_students_terms(
    kit: Catalog, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A failing test shows the outcome's status and words, not the test's own code."""
    source = tiny.SOLUTION.replace("return x + x", "return x")
    (tmp_path / f"{only(kit).stem}.py").write_text(source, encoding="utf-8")
    assert debugged(kit, tmp_path) == FAILED
    told = capsys.readouterr().out
    assert "failed: off" in told
    assert "raise WrongError" not in told


@pytest.mark.parametrize(
    ("old", "new", "needs"),
    [
        ('@pytest.mark.part("double")\n', "", PART),
        ('part("double")', 'part("triple")', PART),
        ('part("double")', "part()", PART),
        ('.part("double")', ".part", PART),
        ('part("double")', 'part(["double"])', PART),
        ('part("double")', 'part("double", weight="two")', "a weight that is a whole number"),
        ('part("double")', 'part("double", weight=0)', "a weight that is a whole number"),
        ('    """A claim."""\n', "", "a docstring"),
        ('"""A claim."""', '"""  """', "a docstring"),
        ("\ndef test_double_3", f'\n{CASES}(*"ABCDEFG")\ndef test_double_3', "@cases that can"),
        ("\ndef test_double_3", f"\n{CASES}(H=(5, 2))\ndef test_double_3", "@cases that can"),
    ],
    ids=[
        "no mark",
        "another exercise's part",
        "an empty mark",
        "a mark without brackets",
        "a mark of no text",
        "a weight of no number",
        "a weight of nothing",
        "no docstring",
        "an empty docstring",
        "more names than sizes",
        "a range that goes down",
    ],
)
def test_test_that_says_too_little_is_refused(
    kit: Catalog, old: str, new: str, needs: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A graded test without its part, its sentence or its cases is misuse, and is named."""
    rewrite(tiny.visible(kit), old, new)
    assert debugged(kit) == MISUSED
    assert f"test_double_3 needs {needs}" in capsys.readouterr().err


def test_all_tests_that_are_refused_are_named(
    kit: Catalog, capsys: pytest.CaptureFixture[str]
) -> None:
    """An author hears at once of every test that says too little."""
    for name in ("test_double_3", "test_quadruple_5"):
        rewrite(
            tiny.visible(kit), f'def {name}(student):\n    """A claim."""', f"def {name}(student):"
        )
    assert debugged(kit) == MISUSED
    told = capsys.readouterr().err
    assert re.findall(r"(\w+) needs a docstring", told) == ["test_double_3", "test_quadruple_5"]


def test_test_of_no_exercise_is_refused(kit: Catalog, capsys: pytest.CaptureFixture[str]) -> None:
    """A file of graded tests whose exercise isn't there can't be bound to one."""
    stem = only(kit).stem
    data = kit.home / "tests" / "visible" / f"{stem}.toml"
    data.rename(data.with_name("ex02_another.toml"))
    assert debugged(kit) == MISUSED
    told = capsys.readouterr().err
    assert f"test_{stem}.py::test_double_3 needs an exercise: there is no tests/visible/" in told


def test_submission_that_is_not_there_is_told(
    kit: Catalog, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without anything to judge, the run ends with the path and why."""
    assert debugged(kit, kit.home / "nowhere") == MISUSED
    assert "nowhere: No such file or directory" in capsys.readouterr().err


def test_run_without_graded_tests_needs_no_submission(kit: Catalog) -> None:
    """Where only other tests are collected, nobody looks for a submission."""
    own = kit.home / "tests" / "test_own.py"
    own.write_text("def test_own():\n    assert 1 + 1 == 2\n", encoding="utf-8")
    options = ["-c", str(kit.home / "pyproject.toml"), "-q", "-p", "no:cacheprovider"]
    code = pytest.main([*options, "--submission", str(kit.home / "nowhere"), str(own)])
    assert code == OK
