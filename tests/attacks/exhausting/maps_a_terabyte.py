"""Maps 2**40 bytes of memory.

outcome: error
says: Error
"""

import mmap


def rnn_step(*arguments):
    return mmap.mmap(-1, 2**40)
