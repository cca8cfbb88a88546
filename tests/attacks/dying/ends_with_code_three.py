"""Ends its process with another exit code.

outcome: crashed
says: exit code 3
"""

import os


def rnn_step(*arguments):
    os._exit(3)
