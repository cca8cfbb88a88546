"""Asks where the process that started it runs.

outcome: denied
says: expected
needs: confinement
"""

import os

right = rnn_step


def attempt():
    return os.readlink(f"/proc/{os.getppid()}/cwd")


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
