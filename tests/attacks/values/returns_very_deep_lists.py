"""Returns a list that is nested 10,000 deep.

outcome: failed
says: returned a list
"""


def rnn_step(*arguments):
    result = []
    for _ in range(10_000):
        result = [result]
    return result
