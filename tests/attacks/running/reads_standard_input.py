"""Waits for input, of which there is none.

outcome: error
says: EOFError
"""


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    return input()
