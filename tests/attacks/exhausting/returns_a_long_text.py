"""Returns three million letters.

outcome: failed
says: expected a tensor
"""


def rnn_step(*arguments):
    return "z" * 3_000_000
