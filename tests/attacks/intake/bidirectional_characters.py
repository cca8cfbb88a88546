"""Has characters in comments that turn the direction of text around.

outcome: passed
says:
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution + "# \u202e passed \u2066 \u200b\n")
