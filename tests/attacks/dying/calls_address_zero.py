"""Calls the function at address 0.

outcome: crashed
says: segmentation fault
"""

import ctypes


def rnn_step(*arguments):
    ctypes.CFUNCTYPE(None)(0)()
