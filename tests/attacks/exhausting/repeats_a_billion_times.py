"""Repeats its input 10**10 times.

outcome: error
says: RuntimeError
"""


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    return h_prev.repeat(10**5, 10**5)
