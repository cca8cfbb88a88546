"""Makes its side of the wire tell of an error in a megabyte of words.

outcome: violation
says: broke the protocol
"""

import sys


raised = sys.modules["grading.worker.raised"]
raised._text = lambda *given: "forged " * 150_000


def rnn_step(*arguments):
    raise ValueError
