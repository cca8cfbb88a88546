"""Sends a pickle that would run a command where somebody loads it.

outcome: violation
says: broke the protocol
"""

import os
import pickle

right = rnn_step


class Command:
    def __reduce__(self):
        return os.system, ("echo forged",)


def rnn_step(*arguments):
    body = pickle.dumps(Command())
    os.write(3, len(body).to_bytes(4, "big") + body)
    return right(*arguments)
