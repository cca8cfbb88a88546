"""Hands in a file without a byte.

outcome: missing
says: has no rnn_step
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_bytes(b"")
