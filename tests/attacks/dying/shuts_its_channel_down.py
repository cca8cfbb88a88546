"""Shuts its channel down for writing.

outcome: crashed
says: closed its channel
"""

import os
import time
import socket


def rnn_step(*arguments):
    socket.socket(fileno=os.dup(3)).shutdown(socket.SHUT_WR)
    time.sleep(60)
