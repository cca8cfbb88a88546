"""Asks torch for 10**12 numbers.

outcome: error
says: RuntimeError
"""

import torch


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    return torch.empty(10**12)
