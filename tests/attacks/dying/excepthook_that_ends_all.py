"""Ends the process in the hook for exceptions that nobody caught: this one is.

outcome: error
says: ZeroDivisionError
"""

import os
import sys
import threading


sys.excepthook = sys.unraisablehook = threading.excepthook = lambda *a: os._exit(0)


def rnn_step(*arguments):
    return 1 / 0
