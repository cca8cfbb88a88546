"""Asks the kernel for routes.

outcome: denied
says: expected
needs: confinement
"""

import socket

right = rnn_step


def attempt():
    return socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
