"""Makes a message queue that outlives it.

outcome: denied
says: expected
needs: confinement
"""

import ctypes

right = rnn_step


libc = ctypes.CDLL(None, use_errno=True)


def attempt():
    queue_id = libc.msgget(0, 0o1600)
    libc.msgctl(queue_id, 0, 0)
    return queue_id >= 0


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
