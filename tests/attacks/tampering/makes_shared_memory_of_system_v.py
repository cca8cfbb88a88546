"""Makes a segment of shared memory that outlives it.

outcome: denied
says: expected
needs: confinement
"""

import ctypes

right = rnn_step


libc = ctypes.CDLL(None, use_errno=True)


def attempt():
    segment = libc.shmget(0, 4096, 0o1600)
    libc.shmctl(segment, 0, 0)
    return segment >= 0


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
