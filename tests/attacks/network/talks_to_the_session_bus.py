"""Connects to the bus of the user's programs.

outcome: denied
says: expected
needs: confinement
"""

import os
import socket

right = rnn_step


def attempt():
    socket.socket(socket.AF_UNIX).connect(f"/run/user/{os.getuid()}/bus")
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
