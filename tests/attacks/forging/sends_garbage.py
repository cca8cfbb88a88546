"""Sends a frame of bytes that are no message.

outcome: violation
says: broke the protocol
"""

import torch
import os


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    os.write(3, b"\x00\x00\x00\x08" + b"\xc1" * 8)
    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b)
