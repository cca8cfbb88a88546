"""Opens a store that processes of torch share over the network.

outcome: denied
says: expected
needs: confinement
"""

import torch

right = rnn_step


def attempt():
    import datetime

    from torch.distributed import TCPStore

    return TCPStore("127.0.0.1", 48611, is_master=False, timeout=datetime.timedelta(seconds=1))


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
