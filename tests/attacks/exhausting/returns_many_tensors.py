"""Returns a list of a thousand tensors.

outcome: failed
says: returned a list
"""

import torch


def rnn_step(*arguments):
    return [torch.zeros(1)] * 1000
