"""Connects to a port of this machine.

outcome: denied
says: expected
needs: confinement
"""

import socket

right = rnn_step


def attempt():
    return socket.create_connection(("127.0.0.1", 48611), 1)


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
