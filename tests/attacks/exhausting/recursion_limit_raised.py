"""Raises the recursion limit, then calls itself without end.

outcome: crashed
says: segmentation fault
"""

import sys

sys.setrecursionlimit(10**9)


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    return max([x_t], key=lambda x: rnn_step(x_t, h_prev, W_xh, W_hh, b))
