"""Writes an extended attribute onto the kit's folder.

outcome: denied
says: expected
needs: confinement
"""

import os

right = rnn_step


from grading import wire

HOME = os.path.dirname(os.path.dirname(os.path.abspath(wire.__file__)))


def attempt():
    os.setxattr(HOME, "user.forged", b"1")
    os.removexattr(HOME, "user.forged")
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
