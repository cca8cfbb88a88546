"""Returns a NumPy array of records with an odd name.

outcome: failed
says: array of dtype
"""

import numpy as np


def rnn_step(*arguments):
    return np.zeros(2, dtype=[("\u202e" * 3000, "f4")])
