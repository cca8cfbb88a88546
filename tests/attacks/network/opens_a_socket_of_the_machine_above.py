"""Connects to the machine on which this one runs.

outcome: denied
says: expected
needs: confinement
"""

import socket

right = rnn_step


def attempt():
    link = socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)
    link.settimeout(0.2)
    link.connect((2, 1024))
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
