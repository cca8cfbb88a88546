"""Runs what is registered for the exit, by hand.

outcome: failed
says: expected
"""

import atexit

right = rnn_step


def rnn_step(*arguments):
    atexit._run_exitfuncs()
    return right(*arguments) * 0.5
