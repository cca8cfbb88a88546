"""Makes its side of the wire send a tensor of shape 2**39 with four bytes.

outcome: violation
says: broke the protocol
"""

import torch
from grading.line import values
from grading import wire


def _lie(thing, keep):
    return wire.TensorValue("float32", (2**39,), b"\x00" * 4)


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    values.pack = _lie
    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b)
