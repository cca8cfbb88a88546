"""Leaves with exit code 0 from a call.

outcome: error
says: SystemExit
"""

import sys


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    sys.exit(0)
