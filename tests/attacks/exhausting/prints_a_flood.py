"""Is right, and prints 20 MB on the way, once.

outcome: passed
says:
"""

import torch

printed = []


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    if not printed:
        printed.append(print("z" * 20_000_000))
    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b)
