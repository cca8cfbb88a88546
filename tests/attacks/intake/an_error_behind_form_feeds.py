"""Raises behind form feeds: the line that is shown is the right one.

outcome: error
says: raise ValueError  # here
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    text = (
        solution.replace("\n\n\ndef", "\n\x0c\n\x0c\ndef")
        + "\n\x0c\ndef rnn_step(*a):\n    raise ValueError  # here\n"
    )
    (folder / NAME).write_text(text)
