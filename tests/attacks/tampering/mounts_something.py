"""Mounts a file system.

outcome: denied
says: expected
needs: confinement
"""

import ctypes

right = rnn_step


libc = ctypes.CDLL(None, use_errno=True)


def attempt():
    return libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0 and libc.umount(b"/tmp") == 0


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
