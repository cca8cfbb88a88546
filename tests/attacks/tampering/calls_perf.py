"""Opens a counter of events.

outcome: denied
says: expected
needs: confinement
"""

import ctypes

right = rnn_step


libc = ctypes.CDLL(None, use_errno=True)


def attempt():
    return libc.syscall(298, (ctypes.c_uint32 * 32)(1, 128), 0, -1, -1, 0) >= 0


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
