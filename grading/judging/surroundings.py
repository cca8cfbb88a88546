"""What pytest needs around it: a kit at a path that it takes, and no settings but ours."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from grading.errors import Misused
from grading.line.words import readable


def refuse_unfit(home: str) -> None:
    """Raises Misused for a kit that lies at such a path, or a Python that drops docstrings."""
    if any(sign in home for sign in ("[", "::", "$")) or readable(home) != home:
        signs = "[, ::, $ or other characters than UTF-8's"
        raise Misused(f"{readable(home)}: rename that folder; pytest takes no path with {signs}")
    if sys.flags.optimize > 1:
        raise Misused("Python was started with -OO, which drops the tests' sentences: leave it out")


@contextmanager
def own_environment(home: str) -> Iterator[None]:
    """Keep the user's pytest settings and other people's plugins out while pytest runs.

    What hypothesis keeps lies in the kit, and not wherever the grader is started.
    """
    kept = dict(os.environ)
    os.environ.pop("PYTEST_ADDOPTS", None)
    os.environ.pop("PYTEST_PLUGINS", None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = f"{home}/.hypothesis"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)
