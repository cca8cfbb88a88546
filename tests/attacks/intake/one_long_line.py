"""Has a list of 180 KB on one line.

outcome: passed
says:
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution + "\nkept = [" + "1," * 90_000 + "]\n")
