"""Opens the memory of the process that started it.

outcome: denied
says: expected
needs: confinement
"""

import os

right = rnn_step


def attempt():
    return open(f"/proc/{os.getppid()}/mem", "rb")


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
