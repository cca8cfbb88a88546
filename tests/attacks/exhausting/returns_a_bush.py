"""Returns a list that holds itself twice.

outcome: timeout
says: still running
"""


def rnn_step(*arguments):
    bush = []
    bush.extend([bush, bush])
    return bush
