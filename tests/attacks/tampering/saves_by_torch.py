"""Saves a tensor by torch.

outcome: denied
says: expected
"""

import torch

right = rnn_step


def attempt():
    torch.save(torch.zeros(1000), "/tmp/rnn-kit-forged.pt")
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
