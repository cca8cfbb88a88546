"""Is right, and sleeps in every call: no one call is too long, all of them are.

outcome: timeout
says: used up
at_most: 0.9
"""

import time

right = rnn_step


def rnn_step(*arguments):
    time.sleep(5)
    return right(*arguments)
