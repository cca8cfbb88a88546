"""Stops the process that started it, and lets it go on.

outcome: denied
says: expected
needs: confinement
"""

import os
import signal

right = rnn_step


def attempt():
    os.kill(os.getppid(), signal.SIGSTOP)
    os.kill(os.getppid(), signal.SIGCONT)
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
