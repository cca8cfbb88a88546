"""Compares its files with its parent's by kcmp.

outcome: denied
says: expected
needs: confinement
"""

import os
import ctypes

right = rnn_step


libc = ctypes.CDLL(None, use_errno=True)


def attempt():
    return libc.syscall(312, os.getpid(), os.getppid(), 2, 0, 0) >= 0


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
