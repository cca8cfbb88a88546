"""Raises an exception whose text exits when it is read.

outcome: error
says: Trap
"""


class Trap(Exception):
    def __str__(self):
        raise SystemExit(0)


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    raise Trap
