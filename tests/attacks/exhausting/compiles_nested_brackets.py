"""Compiles a text of a hundred thousand brackets.

outcome: error
says: SyntaxError
"""


def rnn_step(*arguments):
    return eval("(" * 100_000 + ")" * 100_000)
