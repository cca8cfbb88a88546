"""Landlock: the kernel denies files, but for those that are named; newer ones TCP and signals too.

Sources: landlock(7), landlock_create_ruleset(2), landlock_add_rule(2), landlock_restrict_self(2);
linux/landlock.h for the numbers. The system calls have the same numbers on every architecture.
"""

from __future__ import annotations

import os
import stat
import struct
from collections.abc import Iterable

from grading.worker import system

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_ASK_VERSION = 1
_PATH_BENEATH = 1

_WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 1, 1 << 2, 1 << 3
_FILES_BY_ABI = {1: (1 << 13) - 1, 2: 1 << 13, 3: 1 << 14, 5: 1 << 15}
"""Rights over files, by the ABI that brought them: 13 at first; rename, truncate, ioctl later."""

_TCP = (1 << 0) | (1 << 1)
_SCOPES = (1 << 0) | (1 << 1)
"""Binding and connecting (ABI 4); abstract Unix sockets and signals to the outside (ABI 6)."""


def abi() -> int:
    """The version that the kernel speaks. Raises OSError where there is none."""
    return system.syscall("landlock_create_ruleset", _CREATE_RULESET, None, 0, _ASK_VERSION)


def denies_tcp(version: int) -> bool:
    """Does this version of Landlock know of TCP?"""
    return version >= 4


def denies_signals(version: int) -> bool:
    """Does this version keep signals, and abstract Unix sockets, from what is outside?"""
    return version >= 6


def make(readable: Iterable[str], writable: Iterable[str]) -> int:
    """A ruleset that denies all but reading these files and folders, and writing to these devices.

    Gives its descriptor. Raises OSError where the kernel has no Landlock, or a path is missing.
    """
    version = abi()
    files = sum(rights for since, rights in _FILES_BY_ABI.items() if version >= since)
    network = _TCP if denies_tcp(version) else 0
    scopes = _SCOPES if denies_signals(version) else 0
    attributes = struct.pack("=QQQ", files, network, scopes)
    size = 24 if scopes else 16 if network else 8
    ruleset = system.syscall("landlock_create_ruleset", _CREATE_RULESET, attributes, size, 0)
    for path in readable:
        _allow(ruleset, path, _READ_FILE | _READ_DIR)
    for path in writable:
        _allow(ruleset, path, _READ_FILE | _WRITE_FILE)
    return ruleset


def restrict(ruleset: int) -> None:
    """Put this thread under a ruleset, for good; it must have given up new privileges."""
    system.syscall("landlock_restrict_self", _RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not stat.S_ISDIR(os.fstat(opened).st_mode):
            rights &= ~_READ_DIR
        rule = struct.pack("=Qi", rights, opened)
        system.syscall("landlock_add_rule", _ADD_RULE, ruleset, _PATH_BENEATH, rule, 0)
    finally:
        os.close(opened)
