"""Sends a message that is nested 100,000 deep.

outcome: violation
says: broke the protocol
"""

import torch
import os


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    deep = b"\x91" * 100_000 + b"\xc0"
    os.write(3, len(deep).to_bytes(4, "big") + deep)
    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b)
