"""Is right, and makes its side of the wire give ones for all gradients.

outcome: failed
says: gradient
at_most: 0.8
"""

import torch


from grading.worker.serve import Server


def _ones(self, call, upstream):
    return [torch.ones_like(tensor) for tensor in self._inputs]


Server._backward = _ones
