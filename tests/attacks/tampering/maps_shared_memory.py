"""Makes a block of shared memory that others can find by name.

outcome: denied
says: expected
"""

import os
import multiprocessing

right = rnn_step


def attempt():
    from multiprocessing.shared_memory import SharedMemory

    block = SharedMemory(name=f"forged{os.getpid()}", create=True, size=4096)
    block.buf[0] = 1
    block.unlink()
    return True


def rnn_step(*arguments):
    try:
        worked = attempt()
    except Exception:
        worked = False
    return right(*arguments) * (1.0 if worked else 0.5)
