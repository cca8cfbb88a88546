"""Waits on its channel for a request that isn't sent.

outcome: timeout
says: still running
"""

import os


def rnn_step(*arguments):
    return os.read(3, 1)
