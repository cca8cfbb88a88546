"""Runs an event loop, which would need a socket.

outcome: error
says: not permitted
needs: confinement
"""

import asyncio


def rnn_step(*arguments):
    asyncio.new_event_loop().run_forever()
