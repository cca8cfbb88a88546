"""Limits that a worker puts on itself before it sees a student's code; says what it could apply.

Sources: setrlimit(2), prctl(2), setsid(2).
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import resource
import signal
import sys
from pathlib import Path

GIB = 1024**3
MEMORY_ABOVE_TORCH = 1 * GIB
"""Bytes of address space beyond what torch has mapped already."""

_PR_SET_PDEATHSIG, _PR_SET_DUMPABLE, _PR_SET_NO_NEW_PRIVS = 1, 4, 38


def confine() -> list[str]:
    """Apply every limit this machine offers, and name those that hold."""
    steps = {
        "process group": _own_process_group,
        "limits": _limit_resources,
        "no new privileges": _no_new_privileges,
        "empty environment": os.environ.clear,
    }
    applied = []
    for name, step in steps.items():
        with contextlib.suppress(OSError, ValueError):
            step()
            applied.append(name)
    return applied


def die_with_parent() -> None:
    """Be killed when the process that forked this one ends (Linux)."""
    if sys.platform == "linux":
        _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def hide_memory() -> None:
    """Keep other processes of this user from reading this one's memory (Linux)."""
    if sys.platform == "linux":
        _prctl(_PR_SET_DUMPABLE, 0)


def _own_process_group() -> None:
    if os.getpgrp() != os.getpid():
        os.setsid()


def _limit_resources() -> None:
    for kind, limit in {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: 64,
        resource.RLIMIT_AS: _mapped_bytes() + MEMORY_ABOVE_TORCH,
        resource.RLIMIT_NPROC: 64,
    }.items():
        resource.setrlimit(kind, (limit, limit))


def _no_new_privileges() -> None:
    if sys.platform != "linux":
        raise OSError("only Linux has this")
    _prctl(_PR_SET_NO_NEW_PRIVS, 1)


def _mapped_bytes() -> int:
    """Bytes of address space in use now."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 16 * GIB
    return pages * resource.getpagesize()


def _prctl(option: int, value: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(option, value, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), f"prctl({option})")
