"""Overwrites the type of an object of Python's.

outcome: crashed
says: segmentation fault
"""

import ctypes


def rnn_step(*arguments):
    victim = [1]
    ctypes.memset(id(victim) + 8, 1, 8)
    return repr(victim)
