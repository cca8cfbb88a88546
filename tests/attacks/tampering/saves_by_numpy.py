"""Saves an array by NumPy.

outcome: denied
says: expected
"""

import numpy as np

right = rnn_step


def attempt():
    np.save("/tmp/rnn-kit-forged.npy", np.zeros(1000))
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
