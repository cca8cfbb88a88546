"""Lets the kernel send signals to its parent whenever its channel is ready.

outcome: denied
says: expected
"""

import os

right = rnn_step


def attempt():
    import fcntl as f

    f.fcntl(3, f.F_SETOWN, os.getppid())
    return False


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
