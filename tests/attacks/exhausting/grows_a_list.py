"""Asks for memory until there is none.

outcome: error
says: RuntimeError
"""

import torch


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    hoard = []
    while True:
        hoard.append(torch.empty(10**7))
