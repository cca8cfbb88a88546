"""What a worker may read: the standard library and the packages that answers are written with.

Never all of site-packages: the kit may be installed there, and lies beside it in a virtual
environment of its own. So a worker has no search path; its imports go by a list of names, each
with the one file or folder that it comes from.
"""

from __future__ import annotations

import errno
import importlib.machinery
import importlib.util
import os
import sys
import sysconfig
from collections.abc import Sequence
from importlib.machinery import BuiltinImporter, FrozenImporter, ModuleSpec, PathFinder
from types import ModuleType

PACKAGES = (
    *("torch", "torchgen", "functorch"),
    *("numpy", "numpy.libs"),
    *("typing_extensions", "sympy", "mpmath", "networkx", "jinja2", "markupsafe"),
    *("filelock", "packaging", "fsspec"),
)
"""Torch and NumPy, and what torch imports at first use: all that `import torch` depends on."""

DEVICES = ("/dev/null", "/dev/urandom")
WRITABLE = ("/dev/null",)
_NOT_STANDARD = {"site-packages", "dist-packages"}


def readable() -> dict[str, str]:
    """Each name that can be imported, and whatever else lies in the same places: name → path."""
    found = {name: path for name in PACKAGES if (path := _package(name))}
    for folder in _standard_folders():
        for entry in os.scandir(folder):
            if entry.name not in _NOT_STANDARD and _stays_inside(entry, folder):
                found.setdefault(entry.name, entry.path)
    return found


def outermost(paths: dict[str, str]) -> list[str]:
    """The paths that don't lie in another one of them."""
    whole = set(paths.values())
    return sorted(path for path in whole if os.path.dirname(path) not in whole)


def check(readable: Sequence[str]) -> None:
    """Raises OSError where one of them can't be read (any more): imports would fail by and by."""
    for path in readable:
        if not os.access(path, os.R_OK):
            raise OSError(errno.EACCES, f"{path} can't be read by user {os.geteuid()}")


class Finder:
    """Finds modules by a list of paths, in place of a search through whole folders."""

    def __init__(self, paths: dict[str, str]) -> None:
        self._origins: dict[str, str] = {}
        for path in paths.values():
            name, origin = _module(path)
            if origin:
                self._origins.setdefault(name, origin)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The place of a top-level module; what lies inside packages is found as ever."""
        if name == "torch._dynamo":  # it makes itself a folder unless told of one that is there
            os.environ["TORCHINDUCTOR_CACHE_DIR"] = "/"
        origin = self._origins.get(name) if path is None else None
        return None if origin is None else importlib.util.spec_from_file_location(name, origin)


def forget_the_rest(paths: dict[str, str]) -> None:
    """Import from these places alone from now on: not the kit, its tests or its solutions."""
    sys.meta_path[:] = [BuiltinImporter, FrozenImporter, Finder(paths), PathFinder]
    sys.path.clear()
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "grading" and hasattr(module, "__path__"):
            module.__path__ = []
    os.chdir("/")


def _package(name: str) -> str:
    """The folder or file of an installed package; nothing where it isn't there."""
    for folder in sys.path:
        for candidate in (name, f"{name}.py"):
            path = os.path.join(folder, candidate)
            if folder and os.path.exists(path):
                return path
    return ""


def _standard_folders() -> list[str]:
    """The standard library's own folders, that of its compiled modules among them."""
    folders = {sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")}
    folders |= {path for path in sys.path if os.path.basename(path) == "lib-dynload"}
    return sorted(filter(os.path.isdir, folders))


def _stays_inside(entry: os.DirEntry[str], folder: str) -> bool:
    return os.path.realpath(entry.path).startswith(os.path.realpath(folder) + os.sep)


def _module(path: str) -> tuple[str, str]:
    """A path's module and the file that it is read from; no file where it is no module."""
    base = os.path.basename(path)
    inside = os.path.join(path, "__init__.py")
    if os.path.isdir(path):
        return base, inside if os.path.isfile(inside) else ""
    for suffix in importlib.machinery.all_suffixes():
        if base.endswith(suffix) and not base.endswith(".pyc"):
            return base.removesuffix(suffix), path
    return base, ""
