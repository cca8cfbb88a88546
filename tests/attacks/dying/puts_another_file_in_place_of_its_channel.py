"""Puts its output in the place of its channel.

outcome: crashed
says:
"""

import os

right = rnn_step


def rnn_step(*arguments):
    os.dup2(1, 3)
    return right(*arguments)
