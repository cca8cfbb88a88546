"""Raises what Ctrl-C raises.

outcome: error
says: KeyboardInterrupt
"""


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    raise KeyboardInterrupt
