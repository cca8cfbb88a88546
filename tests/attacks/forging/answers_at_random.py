"""Is right half of the time: a test that calls it once or twice may have luck.

outcome: failed
says:
at_most: 0.7
"""

import os

right = rnn_step


def rnn_step(*arguments):
    return right(*arguments) * (1.0 if os.urandom(1)[0] < 128 else 0.5)
