"""Returns text that no encoding can carry.

outcome: failed
says: expected a tensor
"""


def rnn_step(*arguments):
    return "\ud800" * 3
