"""Starts threads that stay, as many as it may and is asked for."""

import ctypes
import threading

ctypes.CDLL(None).mallopt(-8, 1)  # one arena for all: a thread takes little memory then
threading.stack_size(32768)
ever = threading.Event()


def started(most):
    for count in range(most):
        try:
            threading.Thread(target=ever.wait, daemon=True).start()
        except RuntimeError:
            return count
    return most
