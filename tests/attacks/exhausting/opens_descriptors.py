"""Opens files until no descriptor is left.

outcome: error
says: OSError
"""

import os


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    while True:
        os.dup(1)
