"""What the tests of the kit share: the front door as its users open it, and copies of the kit."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from grading.catalog import HOME

FrontDoor = Callable[..., subprocess.CompletedProcess[str]]


if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    # a run in the background ignores Ctrl-C, and so would all that the tests start and interrupt
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def front_door() -> FrontDoor:
    """Run `python grader.py …` and wait for it."""

    def run(
        *arguments: object, home: Path = HOME, env: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, str(home / "grader.py"), *map(str, arguments)],
            capture_output=True,
            text=True,
            cwd=home,
            env=env,
            check=False,
            timeout=240,
        )

    return run


@pytest.fixture
def scratch_kit(tmp_path: Path) -> Path:
    """A copy of the kit's sources, to be changed at will."""
    home = tmp_path / "kit"
    home.mkdir()
    for name in ("grader.py", "pyproject.toml", "README.md"):
        shutil.copy(HOME / name, home / name)
    ignored = shutil.ignore_patterns("__pycache__")
    for name in ("exercises", "solutions", "grading"):
        shutil.copytree(HOME / name, home / name, ignore=ignored)
    for name in ("visible", "hidden", "misconceptions", "alternatives"):
        shutil.copytree(HOME / "tests" / name, home / "tests" / name, ignore=ignored)
    return home
