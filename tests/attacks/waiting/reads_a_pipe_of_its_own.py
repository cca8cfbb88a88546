"""Reads from a pipe into which nobody writes.

outcome: timeout
says: still running
"""

import os


def rnn_step(*arguments):
    reading, writing = os.pipe()
    return os.read(reading, 1)
