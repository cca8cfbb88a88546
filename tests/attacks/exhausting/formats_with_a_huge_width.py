"""Formats a number to a width of 10**11.

outcome: error
says: MemoryError
"""


def rnn_step(*arguments):
    return "%*d" % (2**31 - 1, 1) * 64
