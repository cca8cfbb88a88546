"""Sends itself one of the signals that have a number and no name.

outcome: crashed
says: died of signal 40
"""

import os


def rnn_step(*arguments):
    os.kill(os.getpid(), 40)
