"""Makes a file in memory, from which programs can be started.

outcome: denied
says: expected
needs: confinement
"""

import os

right = rnn_step


def attempt():
    return os.memfd_create("forged") >= 0


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
