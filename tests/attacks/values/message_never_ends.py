"""Raises an exception whose text is never done.

outcome: timeout
says: still running
"""


class Trap(Exception):
    def __str__(self):
        while True:
            pass


def rnn_step(*arguments):
    raise Trap
