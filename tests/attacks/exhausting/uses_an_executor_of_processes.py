"""Uses an executor of processes.

outcome: error
says: Error
needs: confinement
"""

import concurrent.futures


def rnn_step(*arguments):
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        return pool.submit(abs, 1).result()
