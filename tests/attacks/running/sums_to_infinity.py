"""Sums in C without end.

outcome: timeout
says: still running
"""

import itertools


def rnn_step(*arguments):
    return sum(itertools.count())
