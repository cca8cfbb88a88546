"""Sends half of a reply, then sleeps.

outcome: timeout
says: still running
"""

import os
import time


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    os.write(3, b"\x00\x00\x01\x00half")
    time.sleep(600)
