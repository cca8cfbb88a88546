"""Raises an error with a message of ten million letters.

outcome: error
says: ValueError
"""


def rnn_step(*arguments):
    raise ValueError("z" * 10_000_000)
