"""Sends a list that announces 2**32 - 1 items and holds none.

outcome: violation
says: broke the protocol
"""

import os

right = rnn_step


def rnn_step(*arguments):
    body = b"\x83\xa4type\xa8returned\xa6number\x01\xa5value"
    body += b"\x83\xa4type\xa5items\xa4kind\xa4list\xa5items\xdd\xff\xff\xff\xff"
    os.write(3, len(body).to_bytes(4, "big") + body)
    return right(*arguments)
