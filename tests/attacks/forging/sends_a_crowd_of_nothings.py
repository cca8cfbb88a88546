"""Answers with as many items as a frame holds.

outcome: violation
says: broke the protocol
"""

import sys

right = rnn_step


from grading import wire

framed = sys.modules["grading.worker.serve"]._framed


def _crowd(reply):
    head = b"\x83\xa4type\xa8returned\xa6number" + b"\xce" + reply.number.to_bytes(4, "big")
    count = 4_000_000
    items = b"\xdd" + count.to_bytes(4, "big") + b"\xc0" * count
    body = head + b"\xa5value\x83\xa4type\xa5items\xa4kind\xa4list\xa5items" + items
    return len(body).to_bytes(4, "big") + body


def rnn_step(*arguments):
    sys.modules["grading.worker.serve"]._framed = _crowd
    return right(*arguments)
