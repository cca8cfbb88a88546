"""Ends its process from a thread.

outcome: crashed
says: exit code 0
"""

import os
import time
import threading


def rnn_step(*arguments):
    threading.Thread(target=os._exit, args=(0,)).start()
    time.sleep(600)
