"""Calls itself without end.

outcome: error
says: RecursionError
"""


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    return rnn_step(x_t, h_prev, W_xh, W_hh, b)
