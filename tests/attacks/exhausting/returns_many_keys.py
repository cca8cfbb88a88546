"""Returns a dict of fifty thousand texts.

outcome: failed
says: too large
"""

kept = {str(i): i for i in range(51_000)}


def rnn_step(*arguments):
    return dict(kept)
