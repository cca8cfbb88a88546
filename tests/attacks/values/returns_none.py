"""Returns nothing.

outcome: failed
says: returned None
"""


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    pass
