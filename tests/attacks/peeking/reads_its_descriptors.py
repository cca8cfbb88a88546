"""Reads what is waiting on its standard input.

outcome: denied
says: expected
"""

import os

right = rnn_step


def attempt():
    return os.read(0, 100)


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
