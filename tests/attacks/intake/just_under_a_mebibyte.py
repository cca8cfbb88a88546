"""Hands in the solution and a comment of nearly 1 MiB.

outcome: passed
says:
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution + "#" * (2**20 - len(solution.encode()) - 1))
