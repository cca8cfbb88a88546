"""Sends itself SIGSTOP, and uses no time at all.

outcome: timeout
says: still running
"""

import os
import signal


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    os.kill(os.getpid(), signal.SIGSTOP)
