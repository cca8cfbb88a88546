"""Opens a socket into the kernel's ciphers.

outcome: denied
says: expected
needs: confinement
"""

import socket

right = rnn_step


def attempt():
    return socket.socket(38, socket.SOCK_SEQPACKET)


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
