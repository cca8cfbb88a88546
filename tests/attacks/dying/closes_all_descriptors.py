"""Closes all of its descriptors.

outcome: crashed
says: closed its channel
"""

import os
import time


def rnn_step(*arguments):
    os.closerange(0, 1000)
    time.sleep(60)
