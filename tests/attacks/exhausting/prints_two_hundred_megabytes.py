"""Is right, and writes 200 MB on both of its outputs, once.

outcome: passed
says:
"""

import os

right = rnn_step


left = [1]


def rnn_step(*arguments):
    if left:
        left.clear()
        for _ in range(100):
            os.write(1, b"y" * 2**20)
            os.write(2, b"z" * 2**20)
    return right(*arguments)
