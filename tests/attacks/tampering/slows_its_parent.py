"""Gives its parent the priority that it has.

outcome: denied
says: expected
needs: confinement
"""

import os

right = rnn_step


def attempt():
    who = os.getppid()
    os.setpriority(os.PRIO_PROCESS, who, os.getpriority(os.PRIO_PROCESS, 0))
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
