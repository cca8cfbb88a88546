"""Leaves with a text in place of a code.

outcome: error
says: SystemExit
"""

import sys


def rnn_step(*arguments):
    sys.exit("passed")
