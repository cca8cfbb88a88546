"""seccomp: a worker may compute, read and answer; every other system call is denied.

What isn't on the list answers EPERM, which Python raises as PermissionError; what is younger than
the list answers ENOSYS. The filter is a program of classic BPF that the kernel runs on each call.

Sources: seccomp(2), linux/filter.h, linux/seccomp.h, linux/audit.h; clone(2), kill(2), prctl(2),
fcntl(2), ioctl_tty(2), madvise(2) for the arguments.
"""

from __future__ import annotations

import errno
import os
import struct
from collections.abc import Iterable

from grading.worker import system
from grading.worker.syscalls import LAST_KNOWN, numbers

_SECCOMP = {"x86-64": 317, "aarch64": 277}
_SET_MODE_FILTER, _GET_ACTION_AVAILABLE = 1, 2
_AUDIT_ARCH = {"x86-64": 0xC000003E, "aarch64": 0xC00000B7}

_ALLOW = 0x7FFF0000
_FAIL = 0x00050000
_LOAD, _AND, _RETURN, _JUMP = 0x20, 0x54, 0x06, 0x05
_IF_EQUAL, _IF_GREATER = 0x15, 0x25
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16

_THREAD_FLAGS, _THREAD = 0x7E03B000, 0x00010000
"""clone: of the flags for namespaces, tracing, parents, pidfds, threads only that for threads."""

_PRCTL = (2, 3, 15, 16, 21, 23, 39, 0x53564D41)
"""Asking (signal of the parent's death, dumpable, seccomp, ...), and naming threads and memory."""

_FCNTL = (0, 1, 2, 3, 4, 5, 1030, 1032)
"""Duplicating, flags, asking for locks and sizes; not F_SETOWN, which sends others signals."""

_MADVISE = (0, 1, 2, 4, 8, 10, 11, 14, 15, 16, 17)
"""How memory is used, freed, inherited, dumped; not what moves files' pages in and out of memory:
those pages are all processes', and whoever asks next would see what was done to them."""

_IOCTL = (0x5401, 0x802C542A, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""Is it a terminal, how large, how many bytes wait, blocking, closing on exec."""


def check() -> None:
    """Raises OSError where the kernel has no seccomp filters, or the architecture isn't known."""
    if system.MACHINE not in _SECCOMP:
        raise OSError(f"the system calls of {os.uname().machine} aren't listed in this kit")
    number, action = _SECCOMP[system.MACHINE], struct.pack("=I", _FAIL)
    system.syscall("seccomp", number, _GET_ACTION_AVAILABLE, 0, action)


def install() -> None:
    """Put the filter on this thread, for good; it must have given up new privileges."""
    where, kept = system.address(program(system.MACHINE, os.getpid()))
    header = struct.pack("=HxxxxxxQ", len(kept) // 8, where)
    system.syscall("seccomp", _SECCOMP[system.MACHINE], _SET_MODE_FILTER, 0, header)


def program(architecture: str, pid: int) -> bytes:
    """The filter for a process: 8 bytes an instruction."""
    allowed = sorted(numbers("allowed", architecture).values())
    absent = numbers("not there", architecture).values()
    asked = numbers("by argument", architecture)
    code = [
        *(_step(_LOAD, _ARCHITECTURE), _step(_IF_EQUAL, _AUDIT_ARCH[architecture], 1, 0)),
        _answer(errno.ENOSYS),
        *(_step(_LOAD, _NUMBER), _step(_IF_GREATER, LAST_KNOWN, 0, 1)),  # x32 is far above
        _answer(errno.ENOSYS),
        *(_step(_IF_EQUAL, n, len(allowed) - i, 0) for i, n in enumerate(allowed)),
        *(_step(_JUMP, 1), _step(_RETURN, _ALLOW)),
    ]
    for number in absent:
        code += [_step(_IF_EQUAL, number, 0, 1), _answer(errno.ENOSYS)]
    for name, check in _checks(pid).items():
        code += [_step(_IF_EQUAL, asked[name], 0, len(check)), *check]
    return b"".join([*code, _answer(errno.EPERM)])


def _checks(pid: int) -> dict[str, list[bytes]]:
    """What is asked of the arguments, by the call's name; each ends in an answer."""
    return {
        "clone": [
            *(_step(_LOAD, _ARGUMENTS), _step(_AND, _THREAD_FLAGS)),
            *_one_of([_THREAD]),
        ],
        "kill": _argument(0, [pid, 0, -pid & 0xFFFFFFFF]),  # its group has no other member
        "tgkill": _argument(0, [pid]),
        "prlimit64": _argument(0, [pid, 0]),
        "prctl": _argument(0, _PRCTL),
        "fcntl": _argument(1, _FCNTL),
        "ioctl": _argument(1, _IOCTL),
        "madvise": _argument(2, _MADVISE),
    }


def _argument(place: int, values: Iterable[int]) -> list[bytes]:
    """Allow where the low half of an argument, all that these calls look at, is one of these."""
    return [_step(_LOAD, _ARGUMENTS + 8 * place), *_one_of(list(values))]


def _one_of(values: list[int]) -> list[bytes]:
    jumps = [_step(_IF_EQUAL, value, len(values) - i, 0) for i, value in enumerate(values)]
    return [*jumps, _answer(errno.EPERM), _step(_RETURN, _ALLOW)]


def _answer(error: int) -> bytes:
    return _step(_RETURN, _FAIL | error)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """One instruction (struct sock_filter)."""
    return struct.pack("=HBBI", code, if_true, if_false, value)
