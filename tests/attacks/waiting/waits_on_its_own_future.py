"""Waits in an executor's only thread for that thread.

outcome: timeout
says: still running
"""

import concurrent.futures


pool = concurrent.futures.ThreadPoolExecutor(1)


def rnn_step(*arguments):
    return pool.submit(lambda: pool.submit(int).result()).result()
