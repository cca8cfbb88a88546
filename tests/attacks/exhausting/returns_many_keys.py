"""Returns a dict of a hundred thousand texts.

outcome: failed
says: too large
"""

def rnn_step(*arguments):
    return {str(i): i for i in range(100_000)}
