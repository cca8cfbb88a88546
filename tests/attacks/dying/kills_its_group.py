"""Sends SIGKILL to its whole process group: nobody else is in it.

outcome: crashed
says: killed
"""

import os
import signal


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    os.killpg(0, signal.SIGKILL)
