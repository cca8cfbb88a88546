"""Declares an encoding that nobody knows.

outcome: passed
says:
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text("# -*- coding: forged -*-\n" + solution)
