"""Makes an empty file, on which no limit of size falls.

outcome: denied
says: expected
needs: confinement
"""

import os

right = rnn_step


def attempt():
    path = f"/tmp/forged-{os.getpid()}"
    os.close(os.open(path, os.O_CREAT | os.O_EXCL))
    os.unlink(path)
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
