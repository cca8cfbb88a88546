"""Has an expression of a hundred thousand brackets.

outcome: error
says: can't be loaded
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution + "\nx = " + "(" * 100_000 + "1" + ")" * 100_000 + "\n")
