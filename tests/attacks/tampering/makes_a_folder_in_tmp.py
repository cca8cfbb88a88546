"""Makes a folder among the temporary files.

outcome: denied
says: expected
needs: confinement
"""

import os
import tempfile

right = rnn_step


def attempt():
    os.rmdir(tempfile.mkdtemp(dir="/tmp"))
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
