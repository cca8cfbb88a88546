"""Returns a list of sixty thousand numbers.

outcome: failed
says: too large
"""


def rnn_step(*arguments):
    return list(range(60_000))
