"""Joins a thread that sleeps.

outcome: timeout
says: still running
"""

import time
import threading


def rnn_step(*arguments):
    thread = threading.Thread(target=time.sleep, args=(600,), daemon=True)
    thread.start()
    thread.join()
