"""Returns an iterator that raises when it is asked.

outcome: failed
says: a map
"""


def rnn_step(*arguments):
    return map(lambda i: 1 / 0, range(3))
