"""Starts a program.

outcome: error
says: Error
needs: confinement
"""

import subprocess


def rnn_step(*arguments):
    return subprocess.run(["/bin/sleep", "0"], check=True)
