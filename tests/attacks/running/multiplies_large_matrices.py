"""Multiplies large matrices in torch, which lets go of Python's lock meanwhile.

outcome: timeout
says: still running
"""

import torch


def rnn_step(*arguments):
    a = torch.ones(2000, 2000)
    while True:
        a = a @ a
