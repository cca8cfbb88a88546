"""Prints on and on, so that there is always something to be read.

outcome: timeout
says: still running
"""


def rnn_step(*arguments):
    while True:
        print("still here", flush=True)
