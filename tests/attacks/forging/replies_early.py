"""Writes a reply of its own before the real one.

outcome: violation
says: broke the protocol
"""

import torch
import os


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    body = bytes([0x83]) + b"\xa4type\xa8returned\xa6number\x05\xa5value\xc0"
    os.write(3, len(body).to_bytes(4, "big") + body)
    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b)
