"""Has a chain of a hundred thousand calls.

outcome: error
says: can't be loaded
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution + "\nx = print" + "()" * 100_000 + "\n")
