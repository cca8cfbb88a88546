"""Machines that offer less, played on this one: the level that results, and what is said of it."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grading import wire
from grading.catalog import HOME
from grading.line import values
from grading.session import isolation
from grading.session.starters import ForkServer
from grading.session.transport import Across, measures_of
from grading.worker import confine
from tests.kit.conftest import FrontDoor

Machine = Callable[[str], None]

CONFINED = Path(__file__).parent / "confined"
ATTEMPTS = (CONFINED / "attempts.py").read_text(encoding="utf-8")
LEVELS = {
    "": "full",
    "ordinary": "full",
    "container": "landlock",
    "ordinary+container": "landlock",
    "no_landlock": "namespaces",
    "ordinary+no_landlock": "namespaces",
    "container+no_landlock": "process",
    "no_seccomp": "process",
    "no_filters": "process",
}
"""What a machine lacks, and the level that remains."""

STRICT = [level for level in confine.LEVELS if isolation.denies_strangers(level)]

pytestmark = pytest.mark.skipif(
    any(confine.tried().values()), reason="this machine offers too little to play all others"
)


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Have every Python that is started run on a machine of a kind."""

    def play(kind: str) -> None:
        python = tmp_path / "python"
        script = CONFINED / "machine.py"
        python.write_text(f'#!/bin/sh\nexec "{sys.executable}" "{script}" "{kind}" "$@"\n')
        python.chmod(0o755)
        monkeypatch.setattr(sys, "executable", str(python))

    return play


@pytest.mark.parametrize("kind", LEVELS)
def test_strongest_level_that_there_is(kind: str, machine: Machine) -> None:
    """Without being asked, workers are shut in as far as the machine goes."""
    machine(kind)
    asked = "from grading.worker import confine; print(confine.strongest())"
    run = subprocess.run(
        [sys.executable, "-c", asked], cwd=HOME, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == LEVELS[kind]


@pytest.mark.parametrize(
    ("kind", "level", "step"),
    [
        ("container", "full", "namespaces: unshare: Operation not permitted"),
        ("no_landlock", "landlock", "Landlock: landlock_create_ruleset: Function not implemented"),
        ("no_filters", "landlock", "seccomp: seccomp: Operation not permitted"),
    ],
)
def test_level_that_is_not_there_loads_nothing(
    kind: str, level: str, step: str, machine: Machine
) -> None:
    """A level that can't be had is told by its step (in the server, or in the worker itself)."""
    machine(kind)
    server = ForkServer.launch(level, optimizers=False)
    try:
        with pytest.raises(isolation.IsolationError, match=f"isolation {level}: {step}"):
            measures_of(server)
    finally:
        server.close()


@pytest.mark.parametrize("level", STRICT)
def test_ordinary_user_is_shut_in_as_well(level: str, machine: Machine, tmp_path: Path) -> None:
    """Where the grader is not root, no try gets through either."""
    (tmp_path / "kept.txt").write_text("kept")
    machine("ordinary")
    server = ForkServer.launch(level, optimizers=False)
    tree = ast.parse(ATTEMPTS)
    names = [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]
    try:
        assert not {
            name for name in names if len(name) > 7 and gets_through(server, name, tmp_path)
        }
    finally:
        server.close()
    assert (tmp_path / "kept.txt").read_text() == "kept"


def gets_through(server: ForkServer, name: str, folder: Path) -> bool:
    """Does a try come back with anything but an error?"""
    worker = Across(server)
    try:
        worker.ask(wire.Load(1, ATTEMPTS, "attempts.py", ()), 20.0)
        arguments = (str(HOME), os.getpid(), str(folder))
        packed = tuple(values.pack(argument, lambda _: None) for argument in arguments)
        return not isinstance(worker.ask(wire.Call(2, 1, name, packed, (), ()), 20.0), wire.Raised)
    finally:
        worker.end()


@pytest.mark.parametrize("level", STRICT)
def test_solution_earns_everything_at_every_level(
    level: str, front_door: FrontDoor, tmp_path: Path
) -> None:
    """What a right answer needs is there, and the result says the level."""
    told = tmp_path / "result.json"
    run = front_door("check", "solutions", "ex06", "--isolation", level, "--json", told)
    assert run.returncode == 0, run.stdout + run.stderr
    assert json.loads(told.read_bytes())["isolation"]["level"] == level


def test_check_says_which_step_failed(front_door: FrontDoor, machine: Machine) -> None:
    """It ends as a fault of machine or grader, not of the student, and names the doctor."""
    machine("container")
    run = front_door("check", "solutions", "ex01", "--isolation", "full")
    assert run.returncode == 3
    assert "isolation full: namespaces: unshare: Operation not permitted" in run.stderr
    assert "python grader.py doctor" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.parametrize("kind", ["ordinary", "ordinary+container"])
def test_doctor_lets_strangers_in(kind: str, front_door: FrontDoor, machine: Machine) -> None:
    """Where files, network and signals are denied, it says so and exits with 0."""
    machine(kind)
    run = front_door("doctor")
    assert run.returncode == 0, run.stdout + run.stderr
    assert f"Level: {LEVELS[kind]}" in run.stdout
    assert "Strangers' files can be graded here" in run.stdout


@pytest.mark.parametrize("kind", ["container+no_landlock", "no_seccomp"])
def test_doctor_keeps_strangers_out(kind: str, front_door: FrontDoor, machine: Machine) -> None:
    """Where they are not, it exits with 1, and says what would help; in 80 columns."""
    machine(kind)
    run = front_door("doctor", env={**os.environ, "NO_COLOR": "1", "COLUMNS": "80"})
    assert run.returncode == 1, run.stdout + run.stderr
    assert "Level: process" in run.stdout
    assert "→" in run.stdout
    assert "\x1b" not in run.stdout
    assert max(map(len, run.stdout.splitlines())) <= 80
