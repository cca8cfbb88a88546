"""How a worker is shut in: the levels, strongest first, and the steps that each is made of.

The server chooses a level, or is told one, and prepares once what every worker inherits. A worker
takes the last steps before it has seen a student's code. A step that fails is never passed over:
the worker then says why and ends.
"""

from __future__ import annotations

import contextlib
import errno
import os
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from grading.worker import folders, landlock, limits, namespaces, seccomp

NAMESPACES, MOUNTS, LANDLOCK, SECCOMP = "namespaces", "mount namespace", "Landlock", "seccomp"

LEVELS = {
    "full": (NAMESPACES, MOUNTS, LANDLOCK, SECCOMP),
    "landlock": (LANDLOCK, SECCOMP),
    "namespaces": (NAMESPACES, MOUNTS, SECCOMP),
    "process": (),
}
"""Each level's name, and the steps beyond those that are always taken; strongest first."""

ALWAYS = ("process group", "limits", "no new privileges", "no capabilities", "empty environment")
"""The measures of every level on Linux."""

USER_NOBODY, PACKAGES = "user nobody", "named packages"
"""As whom, where root may choose; and that of all packages only those are found that were named."""


class StepError(Exception):
    """A step towards a level is not possible here; the text says which, and why."""


@dataclass
class Confinement:
    """One level as a server prepares it and its workers complete it."""

    level: str
    measures: list[str] = field(default_factory=list)
    problem: str = ""
    _mapped: int = 0
    _ruleset: int = -1

    def prepare(self) -> None:
        """Take, once and in the server, the steps that its workers inherit.

        What isn't possible is kept as the `problem`, which every worker will tell.
        """
        self._mapped = limits.mapped_bytes()
        paths = folders.readable()
        readable = folders.outermost(paths)
        try:
            self.level = self.level or strongest()
            if self.level not in LEVELS:
                raise StepError("there is no such level")
            for name in LEVELS[self.level]:
                self._do(name, partial(self._prepare, name, readable))
            if MOUNTS in LEVELS[self.level] and namespaces.become_nobody(readable):
                self.measures.append(USER_NOBODY)
            self._do("no new privileges", limits.no_new_privileges)
            self._do("no capabilities", limits.drop_capabilities)
            self._do(PACKAGES, partial(folders.check, readable))
        except StepError as error:
            self.problem = str(error)
        self._do("empty environment", os.environ.clear)
        limits.hide_memory()
        folders.forget_the_rest(paths)

    def complete(self) -> list[str]:
        """Take the last steps, in the worker: the measures that hold. Raises StepError."""
        try:
            self._complete()
        except StepError as error:
            raise StepError(f"isolation {self.level}: {error}") from None
        return self.measures

    def _complete(self) -> None:
        if self.problem:
            raise StepError(self.problem)
        self._do("process group", limits.own_process_group)
        if NAMESPACES in LEVELS[self.level]:
            self._do("no capabilities", namespaces.count_alone)
        self._do("limits", partial(limits.limit_resources, self._mapped))
        if LANDLOCK in LEVELS[self.level]:
            self._do(LANDLOCK, partial(landlock.restrict, self._ruleset))
        if SECCOMP in LEVELS[self.level]:
            self._do(SECCOMP, seccomp.install)

    def _prepare(self, name: str, readable: list[str]) -> None:
        if name == NAMESPACES:
            namespaces.leave()
        elif name == MOUNTS:
            namespaces.keep_only(readable, folders.DEVICES)
        elif name == LANDLOCK:
            self._ruleset = landlock.make([*readable, *folders.DEVICES], folders.WRITABLE)
        elif name == SECCOMP:
            seccomp.check()

    def _do(self, name: str, step: Callable[[], None]) -> None:
        try:
            step()
        except (OSError, ValueError) as error:
            raise StepError(f"{name}: {_words(error)}") from None
        if name not in self.measures:
            self.measures.append(name)


def what_holds() -> list[str]:
    """Apply what this system has of the measures of every level, and name it (off Linux)."""
    steps: dict[str, Callable[[], None]] = {
        "process group": limits.own_process_group,
        "limits": lambda: limits.limit_resources(limits.mapped_bytes()),
        "no new privileges": limits.no_new_privileges,
        "empty environment": os.environ.clear,
    }
    applied = []
    for name, step in steps.items():
        with contextlib.suppress(OSError, ValueError):
            step()
            applied.append(name)
    return applied


def strongest() -> str:
    """The strongest level whose every step this machine lets a process take."""
    failed = {name for name, why in tried().items() if why}
    return next(level for level, steps in LEVELS.items() if not failed & set(steps))


def tried() -> dict[str, str]:
    """Each step beyond those of every level, tried in a process that ends: why not, or nothing."""
    steps = {
        NAMESPACES: lambda: namespaces.leave(mounts=False),
        MOUNTS: _try_mounts,
        LANDLOCK: _try_landlock,
        SECCOMP: _try_seccomp,
    }
    if sys.platform != "linux":
        return dict.fromkeys(steps, "only Linux has this")
    return {name: _in_a_fork(step) for name, step in steps.items()}


def _try_mounts() -> None:
    namespaces.leave()
    namespaces.keep_only([os.path.realpath(os.__file__)], folders.DEVICES)
    if len(os.listdir("/")) > 2:
        raise OSError(errno.ENOTSUP, "the old tree is still there")


def _try_landlock() -> None:
    ruleset = landlock.make([os.path.realpath(os.__file__)], folders.WRITABLE)
    limits.no_new_privileges()
    landlock.restrict(ruleset)
    with contextlib.suppress(PermissionError):
        os.listdir("/")
        raise OSError(errno.ENOTSUP, "the kernel takes the rules, and doesn't follow them")


def _try_seccomp() -> None:
    seccomp.check()
    limits.no_new_privileges()
    seccomp.install()
    with contextlib.suppress(PermissionError):
        socket.socket().close()
        raise OSError(errno.ENOTSUP, "the kernel takes the filter, and doesn't follow it")


def _in_a_fork(step: Callable[[], None]) -> str:
    """Why a step fails, in a process of its own; nothing where it doesn't."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        _tell(writing, step)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        outcome = pipe.read()
    os.waitpid(pid, 0)
    return "" if outcome == "well" else outcome or "the process that tried it died"


def _tell(writing: int, step: Callable[[], None]) -> None:
    try:
        step()
        outcome = "well"
    except BaseException as error:
        outcome = _words(error)
    os.write(writing, outcome.encode("utf-8", errors="replace"))
    os._exit(0)


def _words(error: BaseException) -> str:
    return (isinstance(error, OSError) and error.strerror) or f"{type(error).__name__}: {error}"
