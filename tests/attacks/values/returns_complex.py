"""Returns complex numbers.

outcome: failed
says: expected float
"""

import torch


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    return (torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b)) + 0j
