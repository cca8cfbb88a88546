"""Returns truths that are neither 0 nor 1 in memory.

outcome: failed
says: expected float
"""

import torch

right = rnn_step


def rnn_step(*arguments):
    return torch.full(right(*arguments).shape, 7, dtype=torch.uint8).view(torch.bool)
