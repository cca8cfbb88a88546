"""Leaves an audit hook that ends the process at the next event.

outcome: crashed
says:
"""

import os
import sys


def rnn_step(*arguments):
    sys.addaudithook(lambda *event: os._exit(5))
    return open("/dev/null")
