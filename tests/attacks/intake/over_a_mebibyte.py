"""Hands in a file of more than 1 MiB.

outcome: intake
says: 1048576 bytes or more
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution + "#" * 2**20)
