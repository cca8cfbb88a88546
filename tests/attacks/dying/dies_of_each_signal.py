"""Sends itself SIGTERM.

outcome: crashed
says: died of SIGTERM
"""

import os
import signal


def rnn_step(*arguments):
    os.kill(os.getpid(), signal.SIGTERM)
