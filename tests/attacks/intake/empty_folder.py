"""Hands in an empty folder.

outcome: intake
says: is not in the submission
"""


def build(folder, solution):
    pass
