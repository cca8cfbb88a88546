"""Writes to address 0.

outcome: crashed
says: segmentation fault
"""

import ctypes


def rnn_step(*arguments):
    ctypes.memset(0, 1, 10)
