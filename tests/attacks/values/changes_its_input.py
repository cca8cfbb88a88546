"""Is right, and leaves its own result in an argument.

outcome: failed
says: changed in place
at_most: 0.9
"""

right = rnn_step


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    result = right(x_t, h_prev, W_xh, W_hh, b)
    h_prev.data.mul_(0.5)
    return result
