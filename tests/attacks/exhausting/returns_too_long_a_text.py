"""Returns five million letters.

outcome: failed
says: too large
"""


def rnn_step(*arguments):
    return "z" * 5_000_000
