"""Opens pipes until no descriptor is left.

outcome: error
says: OSError
"""

import os


def rnn_step(*arguments):
    while True:
        os.pipe()
