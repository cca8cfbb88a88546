"""Lists the folders of the machine's users, for more than the way to Python and torch.

outcome: denied
says: expected
needs: confinement
"""

import os

import torch

right = rnn_step


def attempt():
    known = {*os.__file__.split("/"), *torch.__file__.split("/")}
    return [name for home in ("/root", "/home") for name in os.listdir(home) if name not in known]


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
