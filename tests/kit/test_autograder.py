"""Gradescope's autograder, run as Gradescope does: grades for submissions, none for our faults."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from grading.catalog import HOME
from tests.kit.conftest import FrontDoor
from tests.kit.handed_out import unpacked


@pytest.fixture(scope="module")
def autograder(front_door: FrontDoor, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The zip that `release` makes for Gradescope, of two exercises, seed and all."""
    folder = tmp_path_factory.mktemp("release") / "out"
    chosen = ("--assignment", "hw1", "--only", "ex01,ex06", "--seed", "4711")
    made = front_door("release", folder, *chosen)
    assert made.returncode == 0, made.stderr
    return folder / "hw1-gradescope.zip"


@pytest.fixture
def gradescope(autograder: Path, tmp_path: Path) -> Path:
    """A folder tree as Gradescope lays it out, with this Python in place of what setup.sh makes."""
    root = tmp_path / "autograder"
    unpacked(autograder, root / "source")
    shutil.copy2(root / "source/run_autograder", root)
    shutil.copytree(HOME / "solutions", root / "submission")
    (root / "venv").symlink_to(sys.prefix)
    told = {"id": 77, "created_at": "2026-11-24", "assignment": {"total_points": "20.0"}}
    (root / "submission_metadata.json").write_text(json.dumps(told), encoding="utf-8")
    return root


def run_autograder(root: Path) -> subprocess.CompletedProcess[str]:
    """Run the script as Gradescope does: as a program, in the root folder."""
    return subprocess.run(
        [root / "run_autograder"],
        cwd=root,
        env={**os.environ, "AUTOGRADER_ROOT": str(root)},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def grader_does(root: Path, lines: str) -> None:
    """Put another grader in the kit's place; `out` is where it is told to write."""
    head = "import os, pathlib, sys\nout = pathlib.Path(sys.argv[-1])\n"
    (root / "source/kit/grader.py").write_text(head + lines, encoding="utf-8")


def test_autograder_holds_hidden_tests_and_no_answers(autograder: Path) -> None:
    """Both scripts stand at the root and can be run; solutions and named answers aren't there."""
    with zipfile.ZipFile(autograder) as archive:
        modes = {member.filename: member.external_attr >> 16 for member in archive.infolist()}
    assert all(modes[name] & stat.S_IXUSR for name in ("setup.sh", "run_autograder"))
    assert "kit/tests/hidden/test_ex06_sine.py" in modes
    assert not [name for name in modes if re.search("solutions/|misconc|alternat|attacks", name)]
    assert {name.partition("/")[0] for name in modes} == {"setup.sh", "run_autograder", "kit"}


def test_submission_is_graded_as_on_gradescope(gradescope: Path) -> None:
    """Each right exercise comes out at 10, and the staff see which submission it was."""
    ran = run_autograder(gradescope)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    results = json.loads((gradescope / "results/results.json").read_text(encoding="utf-8"))
    assert results["score"] == 20.0
    assert "submission 77 of 2026-11-24" in ran.stdout


def test_autograder_asks_for_the_assignments_seed(gradescope: Path) -> None:
    """The grader is told the submission's folder, the seed of the release, and where to write."""
    grader_does(gradescope, "out.write_text(repr(sys.argv[1:]))\nsys.exit(1)\n")
    assert run_autograder(gradescope).returncode == 0
    told = (gradescope / "results/results.json").read_text(encoding="utf-8")
    assert f"['check', '{gradescope}/submission', '--seed', '4711', '--gradescope'," in told
    assert [path.name for path in (gradescope / "results").iterdir()] == ["results.json"]


@pytest.mark.parametrize(
    "fault",
    [
        "sys.exit(3)",
        "sys.exit(2)",
        "out.write_text('{'); sys.exit(3)",
        "sys.exit(0)",
        "os.kill(os.getpid(), 9)",
        "raise ValueError  # exit code 1, as for a grade",
    ],
)
def test_a_grader_fault_is_no_zero(fault: str, gradescope: Path) -> None:
    """Where the grader fails there is no score at all, not even an old one, and the log says so."""
    old = gradescope / "results/results.json"
    old.parent.mkdir()
    old.write_text('{"score": 50}', encoding="utf-8")
    grader_does(gradescope, fault)
    ran = run_autograder(gradescope)
    assert ran.returncode != 0
    assert not old.exists()
    assert "The grader itself failed" in ran.stdout


@pytest.mark.parametrize("told", ["", "[]", '{"id": 1}', '{"assignment": {"total_points": null}}'])
def test_odd_metadata_costs_nobody_the_grade(told: str, gradescope: Path) -> None:
    """Metadata that can't be read is told, and the grade is made."""
    (gradescope / "submission_metadata.json").write_text(told, encoding="utf-8")
    grader_does(gradescope, "out.write_text('{}')\n")
    ran = run_autograder(gradescope)
    assert ran.returncode == 0
    assert "grading goes on" in ran.stdout


def test_other_points_than_the_kits_are_told(gradescope: Path) -> None:
    """Where the assignment has other points, the staff read which it should have."""
    told = {"id": 1, "created_at": "now", "assignment": {"total_points": "100.0"}}
    (gradescope / "submission_metadata.json").write_text(json.dumps(told), encoding="utf-8")
    grader_does(gradescope, "out.write_text('{}')\n")
    assert "Set the assignment to 20 points: it has 100" in run_autograder(gradescope).stdout


@pytest.mark.parametrize(("has", "takes"), [("3.12", "python3"), ("3.10", "python3.11")])
def test_setup_takes_a_python_that_is_new_enough(
    has: str, takes: str, gradescope: Path, tmp_path: Path
) -> None:
    """On an image whose python3 is too old, setup.sh installs and takes a newer one."""
    tools, log = tmp_path / "tools", tmp_path / "log"
    tools.mkdir()
    (gradescope / "venv").unlink()
    stand_in = f'#!/bin/sh\necho "$(basename "$0") $@" >> {log}\n'
    old_or_new = f'case "$1" in -c) exit {int(has == "3.10")};; esac\n'
    venv = (
        'case "$2" in venv) mkdir -p "$3/bin"; '
        f"printf '#!/bin/sh\\necho pip $@ >> {log}\\n' > \"$3/bin/python\"; "
        'chmod +x "$3/bin/python";; esac\n'
    )
    for name, does in (("apt-get", ""), ("python3", old_or_new + venv), ("python3.11", venv)):
        (tools / name).write_text(stand_in + does, encoding="utf-8")
        (tools / name).chmod(0o755)
    path = f"{tools}:/usr/bin:/bin"
    env = {"PATH": path, "AUTOGRADER_ROOT": str(gradescope)}
    subprocess.run([gradescope / "source/setup.sh"], env=env, check=True, timeout=60)
    done = log.read_text(encoding="utf-8")
    assert f"apt-get install -y -qq {takes} {takes}-venv\n" in done
    assert f"{takes} -m venv {gradescope}/venv\n" in done
    assert f"-e {gradescope}/source/kit" in done.splitlines()[-1]
