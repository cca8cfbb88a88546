"""Ends without a line end.

outcome: passed
says:
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution.rstrip())
