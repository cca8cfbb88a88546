"""Is right, and makes its side of the wire give gradients of one number.

outcome: failed
says: gradient
at_most: 0.8
"""

import torch


from grading.worker.serve import Server

Server._backward = lambda self, call, upstream: [torch.ones(1) for _ in self._inputs]
