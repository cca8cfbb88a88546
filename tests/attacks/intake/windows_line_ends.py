"""Has the line ends of Windows.

outcome: passed
says:
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_bytes(solution.replace("\n", "\r\n").encode())
