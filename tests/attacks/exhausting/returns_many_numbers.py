"""Returns a list of a million numbers.

outcome: failed
says: too large
"""

def rnn_step(*arguments):
    return list(range(1_000_000))
