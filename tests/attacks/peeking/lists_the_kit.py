"""Lists the folder of the kit.

outcome: denied
says: expected
needs: confinement
"""

import os

right = rnn_step


from grading import wire

HOME = os.path.dirname(os.path.dirname(os.path.abspath(wire.__file__)))


def attempt():
    return os.listdir(HOME)


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
