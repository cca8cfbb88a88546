"""Has a sum of two hundred thousand numbers.

outcome: error
says: can't be loaded
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution + "\nx = " + "1+" * 200_000 + "1\n")
