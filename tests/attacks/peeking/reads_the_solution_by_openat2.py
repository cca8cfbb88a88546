"""Opens the solution by the raw system call openat2.

outcome: denied
says: expected
needs: confinement
"""

import os
import ctypes

right = rnn_step


libc = ctypes.CDLL(None, use_errno=True)


from grading import wire

HOME = os.path.dirname(os.path.dirname(os.path.abspath(wire.__file__)))


def attempt():
    how = (ctypes.c_uint64 * 3)(0, 0, 0)
    return libc.syscall(437, -100, f"{HOME}/solutions/ex01_recurrence.py".encode(), how, 24) >= 0


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
