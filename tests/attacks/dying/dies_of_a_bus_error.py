"""Sends itself SIGBUS.

outcome: crashed
says: SIGBUS
"""

import signal


def rnn_step(*arguments):
    signal.raise_signal(signal.SIGBUS)
