"""Raises an exception whose __class__ says that it is a SyntaxError.

outcome: error
says: Trap
"""


class Trap(Exception):
    __class__ = property(lambda self: SyntaxError)


def rnn_step(*arguments):
    raise Trap("forged")
