"""Answers every call with the bytes of its first reply.

outcome: violation
says: broke the protocol
at_most: 0.5
"""

import sys


first = []
framed = sys.modules["grading.worker.serve"]._framed


def _replayed(reply):
    first.append(framed(reply))
    return first[min(2, len(first) - 1)]


sys.modules["grading.worker.serve"]._framed = _replayed
