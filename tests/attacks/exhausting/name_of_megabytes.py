"""Returns an object of a class with a name of a million letters.

outcome: failed
says: expected a tensor
"""


def rnn_step(*arguments):
    return type("Z" * 1_000_000, (), {})()
