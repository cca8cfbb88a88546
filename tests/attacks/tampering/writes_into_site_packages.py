"""Makes a file beside torch that every Python would run.

outcome: denied
says: expected
needs: confinement
"""

import os
import torch

right = rnn_step


def attempt():
    path = os.path.join(os.path.dirname(os.path.dirname(torch.__file__)), "forged.pth")
    os.close(os.open(path, os.O_CREAT | os.O_EXCL))
    os.unlink(path)
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
