"""What is remembered between runs, in `.kit/`: a convenience, whose loss is never a failure."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from grading.errors import HinderedError, Misused
from grading.files import refusals_of, write_whole

T = TypeVar("T")


def recall(path: Path, kind: type[T]) -> dict[str, T]:
    """What was kept there, by name; nothing where it can't be read as such."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=dict[str, kind])  # type: ignore[valid-type]
    except (OSError, ValueError, RecursionError, msgspec.MsgspecError):
        return {}


def keep(path: Path, content: dict[str, Any]) -> None:
    """Keep this there for the next time, or leave what there is where that can't be written."""
    with contextlib.suppress(Misused, HinderedError):
        with refusals_of(path.parent):  # where the kit itself is gone, it is not made anew
            path.parent.mkdir(exist_ok=True)
        write_whole(path, msgspec.json.format(msgspec.json.encode(content), indent=1))
