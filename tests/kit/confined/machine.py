"""Runs Python on a machine that offers less: `machine.py KIND[+KIND…] ARGUMENTS…`.

ordinary      as a user who is not root
container     no namespaces and no mounts, as in a plain container
no_landlock   a kernel without Landlock
no_seccomp    a kernel that takes no filters
"""

import ctypes
import errno
import os
import platform
import struct
import sys

libc = ctypes.CDLL(None, use_errno=True)
X86 = platform.machine() == "x86_64"
UNSHARE, MOUNT, PIVOT_ROOT, SECCOMP = (272, 165, 155, 317) if X86 else (97, 40, 41, 277)
LANDLOCK = (444, 445, 446)


def ordinary():
    user, group = os.geteuid(), os.getegid()
    if user == 0:
        assert libc.unshare(0x10000000) == 0, os.strerror(ctypes.get_errno())
        for name, line in (
            ("setgroups", "deny"),
            ("uid_map", f"1000 {user} 1"),
            (
                "gid_map",
                f"1000 {group} 1",
            ),
        ):
            with open(f"/proc/self/{name}", "w") as file:
                file.write(line)


def denied(numbers, error, operation=None):
    """Have these system calls (or one operation of them) fail, in all programs that follow."""
    step = struct.Struct("=HBBI").pack
    code = [step(0x20, 0, 0, 0)]
    for number in numbers:
        if operation is not None:
            code += [step(0x15, 0, 3, number), step(0x20, 0, 0, 16)]
            number = operation
        code += [step(0x15, 0, 1, number), step(0x06, 0, 0, 0x00050000 | error)]
    program = b"".join([*code, step(0x06, 0, 0, 0x7FFF0000)])
    kept = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("=HxxxxxxQ", len(program) // 8, ctypes.addressof(kept))
    assert libc.prctl(38, 1, 0, 0, 0) == 0
    assert libc.prctl(22, 2, header, 0, 0) == 0, os.strerror(ctypes.get_errno())


KINDS = {
    "ordinary": ordinary,
    "container": lambda: denied((UNSHARE, MOUNT, PIVOT_ROOT), errno.EPERM),
    "no_landlock": lambda: denied(LANDLOCK, errno.ENOSYS),
    "no_seccomp": lambda: denied((SECCOMP,), errno.EPERM),
    "no_filters": lambda: denied((SECCOMP,), errno.EPERM, operation=1),
}

for kind in filter(None, sys.argv[1].split("+")):
    KINDS[kind]()
os.execv(sys.executable, [sys.executable, *sys.argv[2:]])
