"""Lets linecache read the solution.

outcome: denied
says: expected
needs: confinement
"""

import os
import linecache

right = rnn_step


from grading import wire

HOME = os.path.dirname(os.path.dirname(os.path.abspath(wire.__file__)))


def attempt():
    return linecache.getlines(f"{HOME}/solutions/ex01_recurrence.py")


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
