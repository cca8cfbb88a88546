"""Calls abort.

outcome: crashed
says: abort
"""

import os


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    os.abort()
