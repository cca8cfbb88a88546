"""The kit's version and fingerprint, by which results say what they were graded with."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from grading import kit
from grading.catalog import HOME
from tests.kit import tiny
from tests.kit.edits import append
from tests.kit.tiny import only

REPORT = [
    path.relative_to(HOME).as_posix()
    for suffix in ("html", "css", "js", "toml")
    for path in sorted((HOME / "grading" / "report").glob(f"*.{suffix}"))
]
"""What the reports are made of beside the modules."""


def test_copy_that_was_never_installed_has_no_known_version(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Without the package's metadata the version is "unknown", and nothing fails."""

    def version(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", version)
    assert kit.version() == "unknown"


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("tests/visible/test_{}.py", True),
        ("tests/hidden/test_{}.py", True),
        ("tests/visible/{}.toml", True),
        ("solutions/{}.py", False),
        ("exercises/{}.py", False),
        ("tests/misconceptions/{}.py", False),
    ],
)
def test_fingerprint_changes_with_what_grades_depend_on(
    tmp_path: Path, name: str, changes: bool
) -> None:
    """Tests and data count; solutions, stubs and named answers give no grade."""
    catalog = tiny.tiny(tmp_path / "kit")
    before = kit.fingerprint.__wrapped__(catalog.home)
    append(catalog.home / name.format(only(catalog).stem), "# edited\n")
    assert (kit.fingerprint.__wrapped__(catalog.home) != before) == changes


@pytest.mark.parametrize("name", [".DS_Store", "notes.txt", ".ipynb_checkpoints", "old.py"])
def test_fingerprint_passes_over_what_systems_leave_behind(tmp_path: Path, name: str) -> None:
    """A stray file, and a folder of whatever name, is no part of the kit."""
    catalog = tiny.tiny(tmp_path / "kit")
    before = kit.fingerprint.__wrapped__(catalog.home)
    stray = catalog.home / "tests" / "visible" / name
    if name in ("old.py", ".ipynb_checkpoints"):
        stray.mkdir()
    else:
        stray.write_text("left behind")
    assert kit.fingerprint.__wrapped__(catalog.home) == before


def fingerprints(home: Path, name: str) -> set[str]:
    """Those of a kit without a file, with it, and with it changed."""
    found = {kit.fingerprint.__wrapped__(home)}
    for text in ("one", "two"):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
        found.add(kit.fingerprint.__wrapped__(home))
    return found


@pytest.mark.parametrize("name", [*REPORT, "grading/judging/score.py", "tests/probes/a.msgpack"])
def test_file_that_a_grade_or_its_report_needs_makes_another_kit(tmp_path: Path, name: str) -> None:
    """The grader's modules, the pages' templates, styles and scripts, and the words all count."""
    assert len(fingerprints(tmp_path, name)) == 3


@pytest.mark.parametrize(
    "name",
    ["README.md", "grading/handing_out/templates/student.md", "grading/report/__pycache__/a.pyc"],
)
def test_file_that_no_grade_needs_makes_no_other_kit(tmp_path: Path, name: str) -> None:
    """What is handed out beside, and what Python leaves behind, makes nobody's result old."""
    assert len(fingerprints(tmp_path, name)) == 1
