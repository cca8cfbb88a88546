"""Sends a descriptor along with a byte on its channel.

outcome: error
says: Error
needs: confinement
"""

import os
import socket

right = rnn_step


def rnn_step(*arguments):
    link = socket.socket(fileno=os.dup(3))
    socket.send_fds(link, [b"\x00\x00\x00\x01\xc0"], [0])
    return right(*arguments)
