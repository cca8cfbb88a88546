"""Is written in Latin-1.

outcome: intake
says: is not UTF-8
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution + "# \xe9t\xe9", encoding="latin-1")
