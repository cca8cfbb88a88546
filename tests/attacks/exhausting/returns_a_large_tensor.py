"""Returns a tensor of the largest size that is sent, of another shape.

outcome: failed
says: returned (500, 1000)
"""

import torch


def rnn_step(*arguments):
    return torch.rand(500, 1000)
