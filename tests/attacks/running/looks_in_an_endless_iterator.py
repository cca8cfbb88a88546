"""Looks for a number where it never comes.

outcome: timeout
says: still running
"""

import itertools


def rnn_step(*arguments):
    return -1 in itertools.count()
