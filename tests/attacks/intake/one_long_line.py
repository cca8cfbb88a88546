"""Has a list of 900 KiB on one line.

outcome: passed
says:
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution + "\nkept = [" + "1," * 450_000 + "]\n")
