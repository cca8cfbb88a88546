"""Returns infinities.

outcome: failed
says: not finite
"""

right = rnn_step


def rnn_step(*arguments):
    return right(*arguments) * float("inf")
