"""Raises what unittest takes for a skipped test.

outcome: error
says: SkipTest
"""

import unittest


def rnn_step(x_t, h_prev, W_xh, W_hh, b):
    raise unittest.SkipTest("passed")
