"""Is right, and changes its answer from a thread after it was sent.

outcome: passed
says:
"""

import time
import threading

right = rnn_step


def _later(tensor):
    time.sleep(0.02)
    tensor.data.zero_()


def rnn_step(*arguments):
    result = right(*arguments)
    threading.Thread(target=_later, args=(result.detach().clone(),)).start()
    return result
