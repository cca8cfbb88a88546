"""Leaves a thread behind that writes a second reply.

outcome: violation
says: broke the protocol
"""

import torch
import os
import threading
import time


def _later():
    time.sleep(0.05)
    os.write(3, b"\x00\x00\x00\x01\xc0")


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    threading.Thread(target=_later).start()
    time.sleep(0.02)
    return torch.tanh(x_t @ W_xh.T + h_prev @ W_hh.T + b)
