"""Loads data without workers.

outcome: passed
says:
"""

import torch

right = rnn_step


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    rows = torch.utils.data.DataLoader(list(x_t), batch_size=len(x_t))
    return right(next(iter(rows)), h_prev, W_xh, W_hh, b)
