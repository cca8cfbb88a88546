"""Is right, and leaves its argument with 33 million empty rows.

outcome: failed
says: an argument was changed in place
at_most: 0.9
"""

import torch

right = rnn_step


def rnn_step(x_t, *others):
    answer = right(x_t, *others)
    if not any(given.requires_grad for given in (x_t, *others)):
        x_t.data = torch.empty(2**25, 0)
    return answer
