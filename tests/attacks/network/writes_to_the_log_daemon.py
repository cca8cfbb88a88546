"""Sends a line to the daemon of the system's log.

outcome: denied
says: expected
needs: confinement
"""

import socket

right = rnn_step


def attempt():
    return socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"<0>forged", "/dev/log")


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
