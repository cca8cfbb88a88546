"""Is right, and leaves a thread behind that never ends.

outcome: passed
says:
"""

import torch
import threading


def _spin():
    while True:
        pass


threading.Thread(target=_spin, daemon=True).start()


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b)
