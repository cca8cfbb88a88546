"""Mixes tabs and spaces.

outcome: error
says: can't be loaded
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution + "\nif 1:\n\ta = 1\n        b = 2\n")
