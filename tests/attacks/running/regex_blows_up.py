"""Matches a pattern that takes exponential time.

outcome: timeout
says: still running
"""

import re


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    return re.match("(a+)+$", "a" * 60 + "b")
