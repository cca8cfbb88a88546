"""Has the function under another name.

outcome: missing
says: did you mean
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    (folder / NAME).write_text(solution.replace("rnn_step", "rnn_stp"))
