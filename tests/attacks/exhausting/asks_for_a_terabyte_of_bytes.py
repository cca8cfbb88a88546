"""Asks Python for 10**12 bytes.

outcome: error
says: MemoryError
"""


def rnn_step(*arguments):
    return bytearray(10**12)
