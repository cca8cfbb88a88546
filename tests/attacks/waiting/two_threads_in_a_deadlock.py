"""Lets two threads wait for one another.

outcome: timeout
says: still running
"""

import time
import threading


def rnn_step(*arguments):
    first, second = threading.Lock(), threading.Lock()

    def other():
        with second:
            time.sleep(0.05)
            with first:
                pass

    thread = threading.Thread(target=other, daemon=True)
    thread.start()
    with first:
        time.sleep(0.05)
        with second:
            pass
