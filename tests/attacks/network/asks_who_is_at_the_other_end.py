"""Asks its channel for the process at the other end, and signals it.

outcome: denied
says: expected
needs: confinement
"""

import os
import socket
import struct

right = rnn_step


def attempt():
    link = socket.socket(fileno=os.dup(3))
    pid = struct.unpack("3i", link.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[0]
    os.kill(pid, 0)
    return pid > 1


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
