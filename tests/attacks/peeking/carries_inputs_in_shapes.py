"""Returns a tensor whose shape is made of the inputs.

outcome: failed
says: returned
"""

import torch


def rnn_step(x_t, *others):
    return torch.zeros([1 + int(abs(v) * 1000) % 900 for v in x_t.reshape(-1)[:2].tolist()])
