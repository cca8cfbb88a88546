"""Asks the grader to make a call, as if it were the worker.

outcome: violation
says: broke the protocol
"""

import os

right = rnn_step


from grading import frames, wire


def rnn_step(*arguments):
    os.write(3, frames.encode(wire.Call(1, 0, "rnn_step", ())))
    return right(*arguments)
