"""Looks for descriptors that it inherited.

outcome: denied
says: expected
"""

import os

right = rnn_step


def attempt():
    for descriptor in range(4, 1024):
        try:
            os.fstat(descriptor)
            return True
        except OSError:
            pass


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
