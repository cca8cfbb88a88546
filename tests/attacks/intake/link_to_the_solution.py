"""Hands in a link to the solution.

outcome: intake
says: is a link
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).symlink_to("/root/solutions/ex01_recurrence.py")
