"""Computes the factorial of ten million.

outcome: timeout
says: still running
"""

import math


def rnn_step(*arguments):
    return math.factorial(10_000_000)
