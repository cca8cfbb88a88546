"""Starts threads that sleep until there can be no more.

outcome: error
says: RuntimeError
"""

import time
import threading


def rnn_step(*arguments):
    for _ in range(5000):
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
