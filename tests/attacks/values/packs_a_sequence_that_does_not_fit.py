"""Gives a PackedSequence whose batch sizes add up to nothing.

outcome: failed
says:
at_most: 0.6
exercise: ex08
part: pack
"""

import torch


def pack(*args, **kwargs):
    return torch.nn.utils.rnn.PackedSequence(torch.zeros(4, 2), torch.tensor([1, 10**12]))
