"""Declares an encoding that it isn't in.

outcome: passed
says:
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text("# -*- coding: latin-1 -*-\n" + solution)
