"""Fills a dict with keys of one hash.

outcome: timeout
says: still running
"""


class Key:
    def __hash__(self):
        return 1


def rnn_step(*arguments):
    return {Key(): i for i in range(10**6)}
