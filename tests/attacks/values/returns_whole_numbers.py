"""Returns whole numbers.

outcome: failed
says: expected float
"""

right = rnn_step


def rnn_step(*arguments):
    return right(*arguments).long()
