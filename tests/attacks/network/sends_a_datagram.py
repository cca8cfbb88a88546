"""Sends a datagram to this machine.

outcome: denied
says: expected
needs: confinement
"""

import socket

right = rnn_step


def attempt():
    return socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", 48612))


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
