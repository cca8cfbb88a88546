"""Returns a generator.

outcome: failed
says: a generator
"""

import torch


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    yield torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b)
