"""Compiles a sum of a hundred thousand numbers.

outcome: error
says: RecursionError
"""

def rnn_step(*arguments):
    return eval("+".join("1" * 100_000))
