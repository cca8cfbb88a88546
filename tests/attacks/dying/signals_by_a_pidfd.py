"""Sends SIGCONT to its parent by pidfd_send_signal.

outcome: denied
says: expected
needs: confinement
"""

import os
import ctypes

right = rnn_step


libc = ctypes.CDLL(None, use_errno=True)


def attempt():
    pidfd = libc.syscall(434, os.getppid(), 0)
    return libc.syscall(424, pidfd, 18, 0, 0) == 0


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
