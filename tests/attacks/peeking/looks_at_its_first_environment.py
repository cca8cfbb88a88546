"""Looks for secrets in the environment with which its process began.

outcome: denied
says: expected
"""

import os

right = rnn_step


from grading import wire

HOME = os.path.dirname(os.path.dirname(os.path.abspath(wire.__file__)))


def attempt():
    path = "/proc/self/environ"
    text = open(path).read()
    return any(name in text for name in ("TOKEN", "SECRET", "KEY=", "HOME=", "USER=", "PATH="))


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
