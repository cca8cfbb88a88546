"""Has a docstring of half a mebibyte.

outcome: passed
says:
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    text = f'"""{"z" * 2**19}"""\n{solution}'
    (folder / NAME).write_text(text)
