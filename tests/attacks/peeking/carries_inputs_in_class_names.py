"""Raises an exception whose class is named by the inputs.

outcome: error
says:
"""


def rnn_step(x_t, *others):
    raise type(f"xfilt {x_t.tolist()}"[:70], (Exception,), {})
