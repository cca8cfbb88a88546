"""Feeds a deque of no room for ever.

outcome: timeout
says: still running
"""

import itertools
import collections


def rnn_step(*arguments):
    collections.deque(itertools.count(), maxlen=0)
