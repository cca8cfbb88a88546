"""Returns a whole number of a million digits.

outcome: failed
says: more than 64 bits
"""


def rnn_step(*arguments):
    return 1 << 3_000_000
