"""Sends SIGKILL to the process that started it.

outcome: denied
says: expected
needs: confinement
"""

import os
import signal

right = rnn_step


def attempt():
    os.kill(os.getppid(), signal.SIGKILL)
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
