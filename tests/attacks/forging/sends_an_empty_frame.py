"""Sends a frame of no bytes.

outcome: violation
says: broke the protocol
"""

import os

right = rnn_step


def rnn_step(*arguments):
    os.write(3, b"\x00\x00\x00\x00")
    return right(*arguments)
