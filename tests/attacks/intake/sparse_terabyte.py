"""Hands in a file of a terabyte that takes no room.

outcome: intake
says: bytes or more
"""

import os

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution)
    os.truncate(folder / NAME, 2**40)
