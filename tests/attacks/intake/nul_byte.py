"""Holds a NUL byte.

outcome: intake
says: holds a NUL byte
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_bytes(solution.encode() + b"\0")
