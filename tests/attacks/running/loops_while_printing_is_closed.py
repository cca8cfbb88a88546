"""Closes its outputs and loops.

outcome: timeout
says: still running
"""

import os


def rnn_step(*arguments):
    os.closerange(0, 3)
    while True:
        pass
