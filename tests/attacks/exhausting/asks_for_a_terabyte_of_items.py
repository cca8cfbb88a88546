"""Asks for a list of 10**12 items.

outcome: error
says: MemoryError
"""


def rnn_step(*arguments):
    return [0] * 10**12
