"""Hands in a FIFO, which nobody writes into.

outcome: intake
says: no plain file
"""

import os

NAME = "ex01_recurrence.py"


def build(folder, solution):
    os.mkfifo(folder / NAME)
