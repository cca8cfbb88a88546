"""Sends a datagram to everybody near.

outcome: denied
says: expected
needs: confinement
"""

import socket

right = rnn_step


def attempt():
    link = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    link.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    return link.sendto(b"x", ("255.255.255.255", 9))


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
