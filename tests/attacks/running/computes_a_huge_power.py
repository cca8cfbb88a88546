"""Spends its time inside one C call, where no Python signal handler runs.

outcome: timeout
says: still running
"""


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    return 3 ** (10**10 % (10**10 + 1))
