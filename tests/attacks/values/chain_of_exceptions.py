"""Raises an exception with ten thousand others behind it.

outcome: error
says: ValueError
"""


def rnn_step(*arguments):
    error = ValueError("last")
    inner = error
    for i in range(10_000):
        inner.__context__ = ValueError(i)
        inner = inner.__context__
    raise error
