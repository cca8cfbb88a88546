"""Has the line ends of the first Macintosh.

outcome: passed
says:
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_bytes(solution.replace("\n", "\r").encode())
