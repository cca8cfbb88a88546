"""Hands in a link to itself.

outcome: intake
says: is a link
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).symlink_to(NAME)
