"""Reads memory at address 0.

outcome: crashed
says: segmentation fault
"""

import ctypes


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    return ctypes.string_at(0)
