"""Asks to handle its own page faults, which helps to attack kernels.

outcome: denied
says: expected
needs: confinement
"""

import ctypes

right = rnn_step


libc = ctypes.CDLL(None, use_errno=True)


def attempt():
    return libc.syscall(323, 1) >= 0


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
