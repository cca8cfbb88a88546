"""Returns an object that writes a reply when it is dropped.

outcome: violation
says: broke the protocol
"""

import os

right = rnn_step


class Last:
    def __del__(self):
        os.write(3, b"\x00\x00\x00\x01\xc0")


def rnn_step(*arguments):
    last = Last()
    return right(*arguments)
