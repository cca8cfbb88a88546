"""Leaves marks in the memory that all processes share: which pages of a file are in it.

outcome: denied
says: expected
needs: confinement
"""

import mmap
import os

right = rnn_step
COLD, PAGE_OUT = 20, 21
LIBRARY = os.path.join(os.path.dirname(torch.__file__), "_VF.py")


def attempts():
    with open(LIBRARY, "rb") as file:
        yield lambda: os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        yield lambda: os.preadv(file.fileno(), [bytearray(1)], 0, os.RWF_NOWAIT)
        with mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ) as mapped:
            yield lambda: mapped.madvise(COLD)
            yield lambda: mapped.madvise(PAGE_OUT)


def worked(attempt):
    try:
        attempt()
    except OSError:
        return False
    return True


def rnn_step(*arguments):
    return right(*arguments) * (1.0 if any(map(worked, attempts())) else 0.5)
