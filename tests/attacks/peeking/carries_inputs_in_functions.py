"""Raises in a function that is named by the inputs.

outcome: error
says:
"""


def _raise():
    raise ValueError


def rnn_step(x_t, *others):
    _raise.__code__ = _raise.__code__.replace(co_name=f"xfilt {x_t.tolist()}"[:70])
    _raise()
