"""Uses a pool of processes.

outcome: error
says: Error
needs: confinement
"""

import multiprocessing


def rnn_step(*arguments):
    with multiprocessing.Pool(2) as pool:
        return pool.map(abs, [1, 2])
