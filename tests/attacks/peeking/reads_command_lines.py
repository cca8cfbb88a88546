"""Reads the command lines of other processes.

outcome: denied
says: expected
needs: confinement
"""

import os

right = rnn_step


def attempt():
    own = {"self", "thread-self", str(os.getpid())}
    for pid in set(os.listdir("/proc")) - own:
        if pid.isdigit() and open(f"/proc/{pid}/cmdline").read():
            return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
