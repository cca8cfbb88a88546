"""Holds half a surrogate pair.

outcome: intake
says: is not UTF-8
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_bytes(solution.encode() + b"# \xed\xa0\x80")
