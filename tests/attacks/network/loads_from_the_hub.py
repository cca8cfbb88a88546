"""Loads a model from torch's hub.

outcome: denied
says: expected
"""

import torch

right = rnn_step


def attempt():
    return torch.hub.load("pytorch/vision", "resnet18", trust_repo=True)


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
