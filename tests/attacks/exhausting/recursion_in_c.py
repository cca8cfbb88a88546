"""Reads JSON that is nested a hundred thousand deep.

outcome: error
says: RecursionError
"""

import json


def rnn_step(*arguments):
    return json.loads("[" * 100_000)
