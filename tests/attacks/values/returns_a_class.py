"""Returns a class.

outcome: failed
says: a class
"""

import torch


def rnn_step(*arguments):
    return torch.Tensor
