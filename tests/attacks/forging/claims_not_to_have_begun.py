"""Raises NotImplementedError for what it can't do.

outcome: not_started
says: NotImplementedError
"""


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    raise NotImplementedError
