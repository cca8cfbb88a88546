"""Makes a file without a name among the temporary ones.

outcome: denied
says: expected
needs: confinement
"""

import os

right = rnn_step


def attempt():
    os.close(os.open("/tmp", os.O_TMPFILE | os.O_RDWR))
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
