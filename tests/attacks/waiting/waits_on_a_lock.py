"""Takes a lock that it holds already.

outcome: timeout
says: still running
"""

import threading


lock = threading.Lock()


def rnn_step(*arguments):
    lock.acquire()
    lock.acquire()
