"""Finds the request's number on the stack and answers it before the real reply.

outcome: violation
says: broke the protocol
"""

import os
import sys

right = rnn_step


from grading import frames, wire


def rnn_step(*arguments):
    frame = sys._getframe()
    while "request" not in frame.f_locals:
        frame = frame.f_back
    os.write(3, frames.encode(wire.Returned(frame.f_locals["request"].number, True)))
    return right(*arguments)
