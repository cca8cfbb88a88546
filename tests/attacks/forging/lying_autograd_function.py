"""Is right, through a Function whose backward pass gives twice the gradient.

outcome: failed
says: gradient
at_most: 0.8
"""

import torch

right = rnn_step


class Twice(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, grad):
        return grad * 2


def rnn_step(*arguments):
    return Twice.apply(right(*arguments))
