"""Asks of every number of a process whether it might send it a signal.

outcome: denied
says: expected
needs: confinement
"""

import os

right = rnn_step


def attempt():
    own = os.getpid()
    for pid in range(1, 2_000):
        if pid != own:
            try:
                os.kill(pid, 0)
                return True
            except OSError:
                pass


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
