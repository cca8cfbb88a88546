"""Reads the limits of its parent, which it could set as well.

outcome: denied
says: expected
needs: confinement
"""

import os
import resource

right = rnn_step


def attempt():
    return resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE)


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
