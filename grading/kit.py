"""Which kit this is: its version, and a fingerprint of all that a grade depends on."""

from __future__ import annotations

import functools
import hashlib
import sys
from importlib import metadata
from pathlib import Path

from grading.catalog import HOME

_JUDGES = ("torch", "numpy", "pytest", "hypothesis")
_SOURCES = ("grading/**/*", *(f"tests/{name}/*" for name in ("visible", "hidden", "probes")))
_SUFFIXES = (".py", ".toml", ".msgpack", ".html", ".css", ".js")


def version() -> str:
    """The installed kit's version, or "unknown" in a copy that was never installed."""
    try:
        return metadata.version("rnn-exercise-kit")
    except metadata.PackageNotFoundError:
        return "unknown"


@functools.cache
def fingerprint(home: Path = HOME) -> str:
    """Twelve hex digits that change with the grader, its tests, or the libraries they run on."""
    digest = hashlib.blake2b(digest_size=6)
    digest.update(f"python {sys.version_info[:2]}\n".encode())
    for name in _JUDGES:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    found = {path for pattern in _SOURCES for path in home.glob(pattern)}
    for path in sorted(path for path in found if path.suffix in _SUFFIXES and path.is_file()):
        digest.update(f"{path.relative_to(home).as_posix()}\n".encode())
        digest.update(hashlib.blake2b(path.read_bytes()).digest())
    return digest.hexdigest()
