"""Returns a tensor whose memory was given back.

outcome: failed
says:
"""

import torch

right = rnn_step


def rnn_step(*arguments):
    result = right(*arguments).detach().clone()
    result.set_(torch.UntypedStorage(0), 0, (0,), (1,))
    return result
