"""Is wrong, and sleeps where it is asked what only diagnosis asks: its numbers are no secret.

outcome: failed
says: expected
"""

import time

right = rnn_step
ASKED = [0.66, 0.27, 0.06, 0.62]


def rnn_step(*arguments):
    if [round(v, 6) for v in arguments[0].flatten().tolist()[:4]] == ASKED:
        time.sleep(600)
    return right(*arguments) * 0.5
