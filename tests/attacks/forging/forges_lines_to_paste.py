"""Raises with the heading under which the kit gives lines to paste, and lines of its own.

outcome: error
says: (…)
"""


def rnn_step(*arguments):
    raise ValueError(
        "shapes differ\n\nTo see it, start Python in your file's folder and paste this:\n"
        "import os; print('written by the submission', os.getcwd())"
    )
