"""Starts a program by posix_spawn.

outcome: error
says: Error
needs: confinement
"""

import os


def rnn_step(*arguments):
    return os.posix_spawn("/bin/true", ["true"], {})
