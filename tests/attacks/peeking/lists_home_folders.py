"""Lists the folders of the machine's users.

outcome: denied
says: expected
needs: confinement
"""

import os

right = rnn_step


def attempt():
    return os.listdir("/root") or os.listdir("/home")


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
