"""Sets an alarm for at once, and sleeps.

outcome: crashed
says: SIGALRM
"""

import signal
import time


def rnn_step(*arguments):
    signal.setitimer(signal.ITIMER_REAL, 0.01)
    time.sleep(600)
