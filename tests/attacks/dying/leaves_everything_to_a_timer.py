"""Ends its process by a timer of the system, some time after it was loaded.

outcome: crashed
says: died of SIGALRM
"""

import signal
import time

signal.setitimer(signal.ITIMER_REAL, 0.02)


def rnn_step(*arguments):
    time.sleep(1.0)
