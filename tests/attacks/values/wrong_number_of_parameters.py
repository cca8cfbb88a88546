"""Takes four parameters where five are given.

outcome: error
says: TypeError
"""


def rnn_step(x_t, h_prev, W_xh, W_hh):
    return h_prev
