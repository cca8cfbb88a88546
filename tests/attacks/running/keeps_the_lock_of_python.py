"""Never lets another thread of its own run.

outcome: timeout
says: still running
"""

import sys


sys.setswitchinterval(10**6)


def rnn_step(*arguments):
    while True:
        pass
