"""Reads where things lie in its parent's memory.

outcome: denied
says: expected
needs: confinement
"""

import os

right = rnn_step


def attempt():
    return open(f"/proc/{os.getppid()}/maps").read()


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
