"""Raises an error whose message is a list in a list, a hundred thousand deep.

outcome: error
says: RecursionError
"""


def rnn_step(*arguments):
    deep = []
    for _ in range(100_000):
        deep = [deep]
    raise ValueError(repr(deep))
