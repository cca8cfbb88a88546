"""Sends itself SIGKILL.

outcome: crashed
says: killed
"""

import os
import signal


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    os.kill(os.getpid(), signal.SIGKILL)
