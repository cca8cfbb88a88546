"""Begins a connection and doesn't wait for it.

outcome: denied
says: expected
needs: confinement
"""

import socket
import errno

right = rnn_step


def attempt():
    link = socket.socket()
    link.setblocking(False)
    return link.connect_ex(("127.0.0.1", 48611)) in (0, errno.EINPROGRESS)


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
