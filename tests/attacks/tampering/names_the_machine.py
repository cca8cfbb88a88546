"""Gives the machine the name that it has.

outcome: denied
says: expected
needs: confinement
"""

import os
import ctypes

right = rnn_step


libc = ctypes.CDLL(None, use_errno=True)


def attempt():
    name = os.uname().nodename.encode()
    return libc.sethostname(name, len(name)) == 0


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
