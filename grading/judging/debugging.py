"""One part's visible tests in this process: prints show, breakpoints work, nothing is timed."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading.catalog import Catalog, CatalogError, Exercise, of_part
from grading.judging.run import PLUGINS
from grading.judging.surroundings import own_environment


def run(
    catalog: Catalog, exercises: tuple[Exercise, ...], path: Path, part: str, seed: int
) -> pytest.ExitCode:
    """Run pytest on the visible tests of a part of these exercises: how that ended.

    Raises CatalogError where none of them has such a part.
    """
    exercise = of_part(exercises, part)
    if exercise is None:
        known = ", ".join(part.name for e in exercises for part in e.parts)
        raise CatalogError(f"there is no part {part!r}; there are: {known}")
    tests = catalog.tests(exercise, visible_only=True)
    options = ["--in-process", "--submission", str(path), "--seed", str(seed), "--part", part]
    settings = ["-c", str(catalog.home / "pyproject.toml"), "-s", "-q", "-W", "default"]
    settings += ["-p", "no:cacheprovider", "-o", "timeout=0"]
    settings += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    for name in PLUGINS:
        settings += ["-p", name]
    with own_environment(str(catalog.home)):
        return pytest.ExitCode(pytest.main([*settings, *options, *map(str, tests)]))
