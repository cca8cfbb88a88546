"""Lets torch map the solution into memory.

outcome: denied
says: expected
needs: confinement
"""

import os
import torch

right = rnn_step


from grading import wire

HOME = os.path.dirname(os.path.dirname(os.path.abspath(wire.__file__)))


def attempt():
    return len(torch.from_file(f"{HOME}/solutions/ex01_recurrence.py", size=100, dtype=torch.uint8))


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
