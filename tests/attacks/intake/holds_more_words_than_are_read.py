"""Holds a quarter of a million words and signs that do nothing, for the grader to read.

outcome: failed
says: too many to be read
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    idle = "def idle():\n    " + "a;" * 125_000 + "\n"
    (folder / NAME).write_text(f"{solution}\n\n{idle}")
