"""Compiles a sum of twenty thousand numbers.

outcome: error
says: RecursionError
"""


def rnn_step(*arguments):
    return eval("+".join("1" * 20_000))
