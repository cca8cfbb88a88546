"""Raises a SyntaxError in this file, at a line that is no number.

outcome: error
says: SyntaxError
"""


def rnn_step(*arguments):
    error = SyntaxError("forged")
    error.filename, error.lineno, error.msg = "ex01_recurrence.py", "one", 5
    raise error
