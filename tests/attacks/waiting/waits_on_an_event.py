"""Waits for an event that nobody sets.

outcome: timeout
says: still running
"""

import threading


def rnn_step(*arguments):
    threading.Event().wait()
