"""Lies among ten thousand other files.

outcome: passed
says:
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution)
    for i in range(10_000):
        (folder / f"{i}").touch()
