"""Hands in a folder of the file's name.

outcome: intake
says: is a folder
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).mkdir()
