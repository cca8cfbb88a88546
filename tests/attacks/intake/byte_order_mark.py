"""Begins with a byte order mark.

outcome: passed
says:
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution, encoding="utf-8-sig")
