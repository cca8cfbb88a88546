"""Sends, behind its reply, one to the request that will come next.

outcome: violation
says: broke the protocol
"""

import sys

right = rnn_step


from grading import wire

framed = sys.modules["grading.worker.serve"]._framed


def _two(reply):
    return framed(reply) + framed(wire.Returned(reply.number + 1, True))


def rnn_step(*arguments):
    sys.modules["grading.worker.serve"]._framed = _two
    return right(*arguments)
