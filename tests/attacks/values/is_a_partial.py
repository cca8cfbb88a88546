"""Is a functools.partial.

outcome: passed
says:
"""

import functools

right = rnn_step


def _flipped(b, W_hh, W_xh, h_prev, x_t):
    return right(x_t, h_prev, W_xh, W_hh, b)


rnn_step = functools.partial(lambda *arguments, f: f(*reversed(arguments)), f=_flipped)
