"""Is written in UTF-16.

outcome: intake
says: UTF-8
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution, encoding="utf-16")
