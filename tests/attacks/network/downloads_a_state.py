"""Loads weights from an address.

outcome: denied
says: expected
needs: confinement
"""

import torch

right = rnn_step


def attempt():
    return torch.hub.load_state_dict_from_url("http://127.0.0.1:48611/weights.pt")


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
