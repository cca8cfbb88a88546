"""Asks for the handle of the kit's folder, by which any file can be opened.

outcome: denied
says: expected
needs: confinement
"""

import os
import ctypes

right = rnn_step


libc = ctypes.CDLL(None, use_errno=True)


from grading import wire

HOME = os.path.dirname(os.path.dirname(os.path.abspath(wire.__file__)))


def attempt():
    handle = (ctypes.c_int * 40)(128)
    mount = ctypes.c_int()
    return libc.name_to_handle_at(-100, HOME.encode(), handle, ctypes.byref(mount), 0) == 0


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
