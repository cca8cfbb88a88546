"""Joins the process group of its parent, which is killed on its own.

outcome: denied
says: expected
"""

import os

right = rnn_step


def attempt():
    os.setpgid(0, os.getpgid(os.getppid()))
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
