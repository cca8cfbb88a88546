"""Returns a tensor of forty axes.

outcome: failed
says: 40 axes
"""

import torch


def rnn_step(*arguments):
    return torch.ones([1] * 40)
