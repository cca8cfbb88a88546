"""Makes a device node.

outcome: denied
says: expected
needs: confinement
"""

import os
import stat

right = rnn_step


def attempt():
    path = f"/tmp/forged-{os.getpid()}"
    os.mknod(path, stat.S_IFCHR | 0o600, os.makedev(1, 3))
    os.unlink(path)
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
