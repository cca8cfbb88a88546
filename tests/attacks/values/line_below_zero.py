"""Raises a SyntaxError in this file, at a line far below zero.

outcome: error
says: (ex01_recurrence.py:0)
"""


def rnn_step(*arguments):
    error = SyntaxError("forged")
    error.filename, error.lineno = "ex01_recurrence.py", -(2**62)
    raise error
