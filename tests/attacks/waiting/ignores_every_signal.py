"""Ignores all signals that can be ignored, then sleeps.

outcome: timeout
says: still running
"""

import signal
import time


def rnn_step(*arguments):
    for number in range(1, 65):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    time.sleep(600)
