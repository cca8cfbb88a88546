"""Raises a SyntaxError in this file, at a line that no frame can carry.

outcome: error
says: (ex01_recurrence.py:0)
"""


def rnn_step(*arguments):
    error = SyntaxError("forged")
    error.filename, error.lineno = "ex01_recurrence.py", 2**70
    raise error
