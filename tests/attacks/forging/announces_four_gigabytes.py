"""Announces a frame of 4 GB.

outcome: violation
says: broke the protocol
"""

import torch
import os


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    os.write(3, b"\xff\xff\xff\xff")
    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b)
