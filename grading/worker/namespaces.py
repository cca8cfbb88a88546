"""Namespaces: no network, nobody else's IPC, and a tree of files with nothing in it to take.

Entered once by the server, so that every worker is born inside. An ordinary user needs a user
namespace for the others; root, who needs none, becomes nobody on the way.

Sources: unshare(2), user_namespaces(7), mount_namespaces(7), pivot_root(2), mount_setattr(2);
bubblewrap's order of mounting.
"""

from __future__ import annotations

import contextlib
import errno
import os
import struct
from collections.abc import Iterable

from grading.worker import limits, system

_NEW_MOUNTS, _NEW_UTS, _NEW_IPC, _NEW_USER, _NEW_NETWORK = (
    *(0x00020000, 0x04000000, 0x08000000),
    *(0x10000000, 0x40000000),
)
_NOSUID, _NODEV, _BIND, _REC, _PRIVATE = 0x2, 0x4, 0x1000, 0x4000, 0x40000
_DETACH = 2
_PIVOT_ROOT = {"x86-64": 155, "aarch64": 41}
_MOUNT_SETATTR = 442
_AT_FDCWD, _AT_RECURSIVE = -100, 0x8000
_READ_ONLY, _NO_SETUID = 0x1, 0x2
_NOBODY = 65534


def leave(mounts: bool = True) -> None:
    """Leave the machine's network, IPC and names, and (with `mounts`) its table of mounts.

    Raises OSError where the machine doesn't let this process.
    """
    spaces = _NEW_UTS | _NEW_IPC | _NEW_NETWORK | (_NEW_MOUNTS if mounts else 0)
    try:
        system.call("unshare", spaces)  # root needs no user namespace
    except PermissionError:
        enter_user_namespace(spaces)


def enter_user_namespace(others: int = 0) -> None:
    """A user namespace, in which this user stays who it is, and others that it gives a right to."""
    user, group = os.geteuid(), os.getegid()
    system.call("unshare", _NEW_USER | others)
    _write("/proc/self/setgroups", "deny")
    _write("/proc/self/uid_map", f"{user} {user} 1")
    _write("/proc/self/gid_map", f"{group} {group} 1")


def count_alone() -> None:
    """Have this process's threads counted apart from those of others of its user, where it may.

    The limit on threads holds for all of a user's in a user namespace together: without one of its
    own, a worker that starts all that it may would leave the others none.
    """
    try:
        system.call("unshare", _NEW_USER)
    except OSError:
        return
    limits.drop_capabilities()  # a new namespace comes with all of them


def keep_only(readable: Iterable[str], devices: Iterable[str]) -> None:
    """Make these paths, read-only, the whole tree of files.

    Needs a table of mounts of its own. Raises OSError where one of the steps is not allowed.
    """
    if system.MACHINE not in _PIVOT_ROOT:
        raise OSError(errno.ENOTSUP, "this machine's system calls aren't known")
    sources = {path: os.path.realpath(path) for path in (*readable, *devices)}
    system.call("mount", b"none", b"/", None, _REC | _PRIVATE, None)
    system.call("mount", b"tmpfs", b"/tmp", b"tmpfs", _NOSUID | _NODEV, b"mode=755,size=4m")
    os.mkdir("/tmp/.old", 0o700)
    system.syscall("pivot_root", _PIVOT_ROOT[system.MACHINE], b"/tmp", b"/tmp/.old")
    os.chdir("/")
    for path, source in sources.items():
        _bind(f"/.old{source}", path)
    system.call("umount2", b"/.old", _DETACH)
    os.rmdir("/.old")
    _make_read_only()


def become_nobody(readable: Iterable[str]) -> bool:
    """Where root may: give up being root for a user who owns nothing. Did it?"""
    everyone_may = all(os.stat(path).st_mode & 0o004 for path in readable)
    if os.geteuid() != 0 or not everyone_may:
        return False
    with contextlib.suppress(OSError):
        os.setgroups([])
        os.setresgid(_NOBODY, _NOBODY, _NOBODY)
        os.setresuid(_NOBODY, _NOBODY, _NOBODY)
    return os.geteuid() == _NOBODY


def _bind(source: str, path: str) -> None:
    """Show a file or folder of the old tree at its place in the new one."""
    if os.path.isdir(source):
        os.makedirs(path, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o444))
    system.call("mount", os.fsencode(source), os.fsencode(path), None, _BIND | _REC, None)


def _make_read_only() -> None:
    attributes = struct.pack("=QQQQ", _READ_ONLY | _NO_SETUID, 0, 0, 0)
    where, size = (_AT_FDCWD, b"/", _AT_RECURSIVE), len(attributes)
    system.syscall("mount_setattr", _MOUNT_SETATTR, *where, attributes, size)


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
