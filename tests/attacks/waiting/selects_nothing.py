"""Waits for none of no descriptors.

outcome: timeout
says: still running
"""

import select


def rnn_step(*arguments):
    select.select([], [], [])
