"""Returns thirty million letters.

outcome: failed
says: too large
"""

def rnn_step(*arguments):
    return "z" * 30_000_000
