"""Returns a dict with keys of many kinds.

outcome: failed
says: a dict
"""

right = rnn_step


def rnn_step(*arguments):
    return {1: right(*arguments), None: 2, (3, 4): 5, float("nan"): 6}
