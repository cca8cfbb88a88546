"""Is right, and changes its answer from a thread after it was sent.

outcome: passed
says:
"""

import time
import threading

right = rnn_step
earlier = []


def _later(tensor):
    time.sleep(0.02)
    tensor.data.zero_()


def rnn_step(*arguments):
    while earlier:  # one thread at a time: a busy machine would let hundreds wait here
        earlier.pop().join()
    result = right(*arguments)
    earlier.append(threading.Thread(target=_later, args=(result.detach().clone(),)))
    earlier[-1].start()
    return result
