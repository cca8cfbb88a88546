"""What a process can put on itself without asking: limits, its own group, no privileges.

Sources: setrlimit(2), prctl(2), setsid(2), capabilities(7), capset(2).
"""

from __future__ import annotations

import contextlib
import mmap
import os
import signal
import struct
import sys
from pathlib import Path

from grading.worker import system

GIB = 1024**3
MEMORY_ABOVE_TORCH = 1 * GIB
"""Bytes of address space beyond what torch has mapped already."""

CPU_SECONDS = 3600
"""The kernel's own bound; the grader's deadlines are far below it."""

DESCRIPTORS, TASKS = 64, 2048
"""Open files; and threads, those of the same user's other programs counted with them."""

_PDEATHSIG, _DUMPABLE, _CAPBSET_DROP, _NO_NEW_PRIVS = 1, 4, 24, 38
_CAPABILITY_VERSION_3 = 0x20080522


def die_with_parent() -> None:
    """Be killed when the thread that forked this process ends (Linux)."""
    if sys.platform == "linux":
        system.prctl(_PDEATHSIG, signal.SIGKILL)


def hide_memory() -> None:
    """Keep other processes of this user from reading this one's memory (Linux)."""
    if sys.platform == "linux":
        system.prctl(_DUMPABLE, 0)


def heed_signals() -> None:
    """Have the signals that the grader's own processes ignore do what they do by default.

    Else it would depend on who started the grader what a signal to oneself does. Python ignores
    SIGPIPE and SIGXFSZ in all programs, and a Ctrl-C on the terminal is no worker's business.
    """
    kept = {getattr(signal, name, None) for name in ("SIGPIPE", "SIGXFSZ", "SIGINT")}
    for number in signal.valid_signals() - kept:
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, signal.SIG_DFL)


def own_process_group() -> None:
    """A session and a process group of its own."""
    if os.getpgrp() != os.getpid():
        os.setsid()


def limit_resources(mapped: int) -> None:
    """Bound memory (beyond the `mapped` bytes of now), CPU time, descriptors, files, threads."""
    import resource  # not on every system on which this module is imported

    for kind, limit in {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_NOFILE: DESCRIPTORS,
        resource.RLIMIT_AS: mapped + MEMORY_ABOVE_TORCH,
        resource.RLIMIT_NPROC: TASKS,
        resource.RLIMIT_CPU: CPU_SECONDS,
    }.items():
        hard = resource.getrlimit(kind)[1]
        least = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        resource.setrlimit(kind, (least, least))


def no_new_privileges() -> None:
    """No program that this process starts gets rights that it doesn't have itself."""
    if sys.platform != "linux":
        raise OSError("only Linux has this")
    system.prctl(_NO_NEW_PRIVS, 1)


def drop_capabilities() -> None:
    """Give up all that sets root apart from an ordinary user."""
    with contextlib.suppress(OSError):  # ends at the first number that is no capability;
        for capability in range(64):  # one who may not lower the bound has none to lose
            system.prctl(_CAPBSET_DROP, capability)
    header, none = struct.pack("=Ii", _CAPABILITY_VERSION_3, 0), bytes(24)
    system.call("capset", header, none)


def mapped_bytes() -> int:
    """Bytes of address space in use now."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except OSError:
        return 16 * GIB
    return pages * mmap.PAGESIZE
