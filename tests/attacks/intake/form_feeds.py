"""Has form feeds between its definitions.

outcome: passed
says:
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution.replace("\n\n\ndef", "\n\x0c\n\ndef"))
