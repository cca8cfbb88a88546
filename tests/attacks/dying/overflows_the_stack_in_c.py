"""Goes deep in C, where no limit of Python's holds.

outcome: crashed
says: segmentation fault
"""

import sys


def rnn_step(*arguments):
    sys.setrecursionlimit(10**9)
    deep = []
    for _ in range(10**5):
        deep = [deep]
    return repr(deep)
