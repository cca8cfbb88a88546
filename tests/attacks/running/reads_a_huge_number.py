"""Reads a whole number of ten million digits.

outcome: timeout
says: still running
"""

import sys


sys.set_int_max_str_digits(0)


def rnn_step(*arguments):
    return int("9" * 10_000_000)
