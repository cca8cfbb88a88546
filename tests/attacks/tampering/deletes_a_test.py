"""Asks whether it might delete a test, by giving it its own name again.

outcome: denied
says: expected
needs: confinement
"""

import os

right = rnn_step


from grading import wire

HOME = os.path.dirname(os.path.dirname(os.path.abspath(wire.__file__)))


def attempt():
    path = f"{HOME}/tests/hidden/test_ex01_recurrence.py"
    os.rename(path, path)
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
