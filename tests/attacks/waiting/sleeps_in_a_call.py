"""Sleeps for ten minutes.

outcome: timeout
says: still running
"""

import time


def rnn_step(*arguments):
    time.sleep(600)
