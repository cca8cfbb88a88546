"""Returns three thousand tensors without a number.

outcome: failed
says: too large to be sent
"""

import torch


def rnn_step(x_t, *others):
    return [x_t[:0]] * 3000
