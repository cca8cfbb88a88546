"""Returns a nested tensor.

outcome: failed
says: a nested tensor
"""

import torch

right = rnn_step


def rnn_step(*arguments):
    return torch.nested.nested_tensor(list(right(*arguments).detach()))
