"""Lets Python end with a fatal error.

outcome: crashed
says: an abort
"""

import time
import faulthandler


def rnn_step(*arguments):
    faulthandler._fatal_error_c_thread()
    time.sleep(600)
