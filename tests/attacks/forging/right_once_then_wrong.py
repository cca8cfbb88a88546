"""Is right at its first call, and wrong from then on.

outcome: failed
says: expected
"""

import torch


calls = []


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    calls.append(1)
    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b) * (1.0 if len(calls) < 2 else 0.5)
