"""Forks, and its children fork (to a depth that does no harm).

outcome: error
says: Error
needs: confinement
"""

import os
import time

right = rnn_step


def rnn_step(*arguments):
    for _ in range(5):
        os.fork()
    time.sleep(1)
    return right(*arguments)
