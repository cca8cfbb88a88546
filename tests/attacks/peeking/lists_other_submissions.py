"""Looks for other people's files in the folders for temporary ones.

outcome: denied
says: expected
needs: confinement
"""

import os

right = rnn_step


def attempt():
    return os.listdir("/tmp") or os.listdir("/var/tmp")


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
