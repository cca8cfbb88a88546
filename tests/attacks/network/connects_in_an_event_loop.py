"""Connects by asyncio.

outcome: denied
says: expected
needs: confinement
"""

import asyncio

right = rnn_step


def attempt():
    return asyncio.new_event_loop().run_until_complete(asyncio.open_connection("127.0.0.1", 48611))


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
