"""Takes from a queue in which nobody puts anything.

outcome: timeout
says: still running
"""

import queue


def rnn_step(*arguments):
    return queue.Queue().get()
