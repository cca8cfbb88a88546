"""Computes the right answer in a thread.

outcome: passed
says:
"""

import threading

right = rnn_step


def rnn_step(*arguments):
    found = []
    thread = threading.Thread(target=lambda: found.append(right(*arguments)))
    thread.start()
    thread.join()
    return found[0]
