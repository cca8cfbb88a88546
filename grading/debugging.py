"""One part's visible tests in this process: prints show, breakpoints work, nothing is timed."""

from __future__ import annotations

from pathlib import Path

import pytest

from grading.catalog import Catalog, CatalogError


def run(catalog: Catalog, path: Path, part: str, seed: int) -> int:
    """Run pytest on a part's visible tests; its exit code. Raises CatalogError for no such part."""
    exercise = next((e for e in catalog.exercises if part in e.by_name), None)
    if exercise is None:
        known = ", ".join(part.name for e in catalog.exercises for part in e.parts)
        raise CatalogError(f"there is no part {part!r}; there are: {known}")
    tests = catalog.tests(exercise, visible_only=True)
    options = ["--in-process", "--submission", str(path), "--seed", str(seed), "--part", part]
    settings = ["-c", str(catalog.home / "pyproject.toml"), "-s", "-q", "-W", "default"]
    settings += ["-p", "no:cacheprovider", "-o", "timeout=0"]
    settings += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]
    return int(pytest.main([*settings, *options, *map(str, tests)]))
