"""Copies bytes out of its parent's memory by process_vm_readv.

outcome: denied
says: expected
needs: confinement
"""

import os
import ctypes

right = rnn_step


libc = ctypes.CDLL(None, use_errno=True)


def attempt():
    here = ctypes.create_string_buffer(64)
    there = (ctypes.c_void_p * 2)(id(None), 16)
    mine = (ctypes.c_void_p * 2)(ctypes.addressof(here), 16)
    return libc.process_vm_readv(os.getppid(), mine, 1, there, 1, 0) > 0


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
