"""Hands in the solution and, behind it, a condition that is two thousand terms deep.

outcome: passed
says:
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    condition = " + ".join(["0"] * 2000)
    (folder / NAME).write_text(f"{solution}\nif {condition}:\n    pass\n")
