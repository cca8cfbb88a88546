"""Tries to write a results file; no byte of it gets written.

outcome: error
says: Error
"""

import torch


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    with open("/tmp/rnn-kit-forged-results.json", "w") as file:
        file.write("{}" * 100)
        file.flush()
    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b)
