"""Returns a list that contains itself.

outcome: failed
says: returned a list
"""

right = rnn_step


def rnn_step(*arguments):
    result = [right(*arguments)]
    result.append(result)
    return result
