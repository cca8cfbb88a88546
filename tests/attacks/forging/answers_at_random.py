"""Is right half of the time.

outcome: failed
says:
"""

import os

right = rnn_step


def rnn_step(*arguments):
    return right(*arguments) * (1.0 if os.urandom(1)[0] < 128 else 0.5)
