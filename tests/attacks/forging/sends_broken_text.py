"""Sends a text that is no UTF-8.

outcome: violation
says: broke the protocol
"""

import os

right = rnn_step


def rnn_step(*arguments):
    body = b"\x83\xa4type\xa8returned\xa6number\x01\xa5value\xa2\xc3\x28"
    os.write(3, len(body).to_bytes(4, "big") + body)
    return right(*arguments)
