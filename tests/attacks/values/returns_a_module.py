"""Returns a module in place of its result.

outcome: failed
says: expected a tensor
"""

import torch


def rnn_step(*arguments):
    return torch.nn.Linear(1, 1)
