"""Loads data with two workers, as many a script does.

outcome: error
says: num_workers=0
needs: confinement
"""

import torch


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    return next(iter(torch.utils.data.DataLoader(x_t.detach(), num_workers=2)))
