"""Sends a frame byte by byte.

outcome: timeout
says: still running
"""

import os
import time


def rnn_step(*arguments):
    os.write(3, b"\x00\x10\x00\x00")
    while True:
        os.write(3, b"\xc0")
        time.sleep(0.01)
