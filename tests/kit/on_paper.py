"""A catalog of two exercises that has no files, for tests of what is read of a submission."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from grading.catalog import Catalog, Exercise, Part

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")

PARTS = (Part("step", 10, ("a", "b", "c")),)
EXERCISES = tuple(Exercise(stem, "A title", PARTS) for stem in ("ex01_first", "ex02_second"))
FIRST, SECOND = EXERCISES
CATALOG = Catalog(Path("/nowhere"), EXERCISES)
SOURCE = "def step():\n    return 1\n"
