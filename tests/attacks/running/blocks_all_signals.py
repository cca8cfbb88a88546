"""Blocks every signal, then loops.

outcome: timeout
says: still running
"""

import signal


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    while True:
        pass
