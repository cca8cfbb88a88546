"""Lets faulthandler read from address 0.

outcome: crashed
says: segmentation fault
"""

import faulthandler


def rnn_step(*arguments):
    faulthandler._sigsegv()
