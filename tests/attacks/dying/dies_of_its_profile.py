"""Sets a timer on its CPU time, and computes.

outcome: crashed
says: SIGPROF
"""

import signal


def rnn_step(*arguments):
    signal.setitimer(signal.ITIMER_PROF, 0.01)
    while True:
        pass
