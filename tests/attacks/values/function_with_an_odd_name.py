"""Raises in a function whose name no encoding can carry.

outcome: error
says: ValueError
"""


def _raise():
    raise ValueError("here")


_raise.__code__ = _raise.__code__.replace(co_name="\ud800")


def rnn_step(*arguments):
    _raise()
