"""Sorts by a key that is never done.

outcome: timeout
says: still running
"""


def rnn_step(*arguments):
    return sorted([1, 2], key=lambda i: sum(iter(int, 1)))
