"""Returns a NumPy array of objects.

outcome: failed
says: dtype object
"""

import numpy as np

right = rnn_step


def rnn_step(*arguments):
    return np.array([right(*arguments).detach(), None], dtype=object)
