"""Runs an event loop that nobody stops.

outcome: timeout
says: still running
"""

import asyncio


def rnn_step(*arguments):
    asyncio.new_event_loop().run_forever()
