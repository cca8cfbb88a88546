"""Hands in one f-string of 340,000 pieces, which takes a compiler more than a minute.

outcome: timeout
says: loading ex01_recurrence.py was still running
"""

NAME = "ex01_recurrence.py"


def build(folder, solution):
    pieces = "{b}" * 340_000
    text = f'def rnn_step(x_t, h_prev, W_xh, W_hh, b):\n    return f"{pieces}"\n'
    (folder / NAME).write_text(text)
