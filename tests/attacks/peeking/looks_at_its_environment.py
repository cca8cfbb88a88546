"""Looks for anything in its environment but the language.

outcome: denied
says: expected
"""

import os

right = rnn_step


def attempt():
    return set(os.environ) - {"LC_CTYPE"}


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
