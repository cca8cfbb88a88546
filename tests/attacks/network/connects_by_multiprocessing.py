"""Connects by multiprocessing's client.

outcome: denied
says: expected
needs: confinement
"""

import multiprocessing

right = rnn_step


def attempt():
    from multiprocessing.connection import Client

    return Client("\0rnn-kit-outside")


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
