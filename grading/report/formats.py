"""Writes the formats that a result is asked for, one writer each.

GitHub's runner gives a step two files to tell it something, which other commands of the step
write to as well: `$GITHUB_OUTPUT`, where `--classroom` belongs, and `$GITHUB_STEP_SUMMARY`, which
`--markdown` may be given. To these is appended.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

from grading.files import append, write_whole
from grading.report import github, gradescope, junit
from grading.results import Result, to_json


def write_all(result: Result, wanted: Mapping[str, Path | None]) -> None:
    """Write each format of `WRITERS` that has a path. Raises WriteError and DiskFullError."""
    for name, path in wanted.items():
        if path is not None:
            WRITERS[name](path, result)


def _markdown(path: Path, result: Result) -> None:
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    ours = summary is not None and path.resolve() == Path(summary).resolve()
    (append if ours else write_whole)(path, github.summary(result))


WRITERS: dict[str, Callable[[Path, Result], None]] = {
    "json": lambda path, result: write_whole(path, to_json(result)),
    "gradescope": lambda path, result: write_whole(path, gradescope.render(result)),
    "junit": lambda path, result: write_whole(path, junit.render(result)),
    "markdown": _markdown,
    "classroom": lambda path, result: append(path, github.classroom(result)),
}
"""How each format is written, by the name of its option."""
