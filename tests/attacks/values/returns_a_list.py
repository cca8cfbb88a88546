"""Returns nested lists in place of a tensor.

outcome: failed
says: returned a list
"""

import torch


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b).tolist()
