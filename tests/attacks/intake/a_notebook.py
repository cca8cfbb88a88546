"""Hands in a notebook.

outcome: intake
says:
"""


def build(folder, solution):
    (folder / "ex01_recurrence.ipynb").write_text("{}")
