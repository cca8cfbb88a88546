"""Leaves its session and its process group.

outcome: denied
says: expected
"""

import os

right = rnn_step


def attempt():
    os.setsid()
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
