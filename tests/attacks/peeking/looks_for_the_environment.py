"""Looks for secrets in its environment: it has none.

outcome: error
says: KeyError
"""

import os


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    return os.environ["HOME"]
