"""Returns the function.

outcome: failed
says: a function
"""


def rnn_step(*arguments):
    return rnn_step
