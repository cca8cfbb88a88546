"""Waits for a signal.

outcome: timeout
says: still running
"""

import signal


def rnn_step(*arguments):
    signal.pause()
