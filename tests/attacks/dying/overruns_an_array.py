"""Writes past the end of a tensor.

outcome: crashed
says:
"""

import torch
import ctypes


def rnn_step(*arguments):
    ctypes.memset(torch.zeros(1).data_ptr(), 65, 2**30)
