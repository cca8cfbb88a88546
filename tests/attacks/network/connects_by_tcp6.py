"""Connects to this machine by IPv6.

outcome: denied
says: expected
needs: confinement
"""

import socket

right = rnn_step


def attempt():
    link = socket.socket(socket.AF_INET6)
    link.settimeout(0.2)
    link.connect(("::ffff:127.0.0.1", 48611))
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
