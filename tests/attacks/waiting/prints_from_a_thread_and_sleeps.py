"""Sleeps, while a thread prints on and on.

outcome: timeout
says: still running
"""

import os
import time
import threading


def _print():
    while True:
        os.write(2, b"still here\n")
        time.sleep(0.001)


def rnn_step(*arguments):
    threading.Thread(target=_print, daemon=True).start()
    time.sleep(600)
