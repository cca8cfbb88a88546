"""Opens its parent's memory for writing.

outcome: denied
says: expected
needs: confinement
"""

import os

right = rnn_step


def attempt():
    return os.open(f"/proc/{os.getppid()}/mem", os.O_WRONLY) >= 0


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
