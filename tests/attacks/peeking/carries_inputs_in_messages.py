"""Raises its inputs as the message of an error.

outcome: error
says: RuntimeError
"""


def rnn_step(x_t, *others):
    raise RuntimeError(f"xfilt {x_t.tolist()}")
