"""Connects by raw system calls.

outcome: denied
says: expected
needs: confinement
"""

import ctypes
import socket
import struct

right = rnn_step


libc = ctypes.CDLL(None, use_errno=True)


def attempt():
    link = libc.syscall(41, 2, 1, 0)
    address = struct.pack("!HH4s8x", socket.htons(2), 48611, bytes([127, 0, 0, 1]))
    return link >= 0 and libc.syscall(42, link, address, 16) == 0


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
