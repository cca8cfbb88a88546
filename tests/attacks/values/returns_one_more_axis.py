"""Returns the right numbers with an axis more.

outcome: failed
says: an axis
"""

right = rnn_step


def rnn_step(*arguments):
    return right(*arguments)[None]
