"""Returns a quantized tensor.

outcome: failed
says: dtype quint8
"""

import torch

right = rnn_step


def rnn_step(*arguments):
    return torch.quantize_per_tensor(right(*arguments).detach().float(), 0.1, 0, torch.quint8)
