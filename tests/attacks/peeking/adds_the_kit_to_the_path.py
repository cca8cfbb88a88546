"""Puts the kit on the path and imports the grader.

outcome: denied
says: expected
needs: confinement
"""

import os
import sys

right = rnn_step


from grading import wire

HOME = os.path.dirname(os.path.dirname(os.path.abspath(wire.__file__)))


def attempt():
    sys.path.insert(0, HOME)
    import grader

    return grader


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
