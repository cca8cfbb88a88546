"""Leaves a mode behind that answers every call of torch with zeros.

outcome: failed
says: expected
"""

import torch


from torch.overrides import TorchFunctionMode


class Zeros(TorchFunctionMode):
    def __torch_function__(self, func, types, args=(), kwargs=None):
        result = func(*args, **(kwargs or {}))
        return result * 0 if func is torch.tanh else result


Zeros().__enter__()
