"""Raises an exception whose text is no text.

outcome: error
says: Trap
"""


class Trap(Exception):
    def __str__(self):
        return 5


def rnn_step(*arguments):
    raise Trap
