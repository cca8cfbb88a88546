"""Asks NumPy for 10**12 numbers.

outcome: error
says: MemoryError
"""

import numpy as np


def rnn_step(*arguments):
    return np.zeros(10**12)
