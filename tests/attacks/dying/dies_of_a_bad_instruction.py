"""Sends itself SIGILL.

outcome: crashed
says: SIGILL
"""

import signal


def rnn_step(*arguments):
    signal.raise_signal(signal.SIGILL)
