"""Returns a tuple that is nested 400 deep.

outcome: failed
says: returned a tuple
"""

right = rnn_step


def rnn_step(*arguments):
    result = right(*arguments)
    for _ in range(400):
        result = (result,)
    return result
