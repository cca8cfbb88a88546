"""Writes to its channel without end, from a thread, and never reads.

outcome: violation
says: broke the protocol
"""

import os
import time
import threading


def _flood():
    while True:
        os.write(3, b"\x00\x00\x00\x01\xc0" * 1000)


def rnn_step(*arguments):
    threading.Thread(target=_flood, daemon=True).start()
    time.sleep(600)
