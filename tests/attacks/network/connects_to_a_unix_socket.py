"""Connects to a unix socket by its path.

outcome: denied
says: expected
needs: confinement
"""

import socket

right = rnn_step


def attempt():
    socket.socket(socket.AF_UNIX).connect("/tmp/rnn-kit-outside.sock")
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
