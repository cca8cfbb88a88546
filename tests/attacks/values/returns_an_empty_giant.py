"""Returns a tensor without numbers, of 2**40 rows.

outcome: failed
says: too large
"""

import torch


def rnn_step(*arguments):
    return torch.empty(2**40, 0)
