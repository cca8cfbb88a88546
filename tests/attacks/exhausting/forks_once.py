"""Forks one child, which answers in its place.

outcome: error
says: Error
needs: confinement
"""

import os
import time

right = rnn_step


def rnn_step(*arguments):
    if os.fork():
        time.sleep(600)
    return right(*arguments)
