"""Is an async function.

outcome: failed
says: a coroutine
"""

right = rnn_step


async def rnn_step(*arguments):
    return right(*arguments)
