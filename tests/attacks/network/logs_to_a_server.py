"""Logs to a server over the network.

outcome: denied
says: expected
needs: confinement
"""

import logging

right = rnn_step


def attempt():
    import logging.handlers

    handler = logging.handlers.SocketHandler("127.0.0.1", 48611)
    return handler.makeSocket(timeout=0.2)


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
