"""Returns half precision.

outcome: failed
says: expected float
"""

right = rnn_step


def rnn_step(*arguments):
    return right(*arguments).half()
