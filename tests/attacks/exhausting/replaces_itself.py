"""Replaces its process by another program.

outcome: error
says: Error
needs: confinement
"""

import os


def rnn_step(*arguments):
    os.execv("/bin/true", ["true"])
