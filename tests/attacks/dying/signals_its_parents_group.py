"""Asks whether it might send a signal to its parent's group.

outcome: denied
says: expected
needs: confinement
"""

import os

right = rnn_step


def attempt():
    os.killpg(os.getpgid(os.getppid()), 0)
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
